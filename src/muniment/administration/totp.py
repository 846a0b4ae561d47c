"""Codes of an authenticator: RFC 6238 with what all authenticators know (SHA-1, 6 digits, 30 s)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

_STEP_S = 30
_DIGITS = 6
_DRIFT = 1  # steps that the clock of a telephone may be off


def step_of(moment: datetime) -> int:
    """Return the number of the time step (RFC 6238 §4.2)."""
    return int(moment.timestamp()) // _STEP_S


def code_of(secret: bytes, step: int) -> str:
    """Return the code of a time step (RFC 4226 §5.3)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    at = mac[-1] & 15
    number = int.from_bytes(mac[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def matching_step(secret: bytes, code: str, moment: datetime) -> int | None:
    """Return the step that a code belongs to, near this moment; all are compared, in equal time."""
    now, found = step_of(moment), None
    said = code.encode("utf-8", "surrogatepass")
    for step in range(now - _DRIFT, now + _DRIFT + 1):
        if hmac.compare_digest(code_of(secret, step).encode(), said):
            found = step
    return found


def text_of(secret: bytes) -> str:
    """Return the secret as people type it: base 32."""
    return base64.b32encode(secret).decode().rstrip("=")


def address_of(secret: bytes, username: str) -> str:
    """Return what an authenticator reads from the square."""
    label = quote(f"Muniment:{username}", safe=":")
    return f"otpauth://totp/{label}?" + urlencode({"secret": text_of(secret), "issuer": "Muniment"})
