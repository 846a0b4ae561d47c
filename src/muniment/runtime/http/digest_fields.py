"""Digests in headers: `Content-Digest` and `Repr-Digest` (RFC 9530), `X-Checksum-Sha256`."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from rest_framework.exceptions import ParseError

_FIELDS = ("Content-Digest", "Repr-Digest")
_ALGORITHMS = {"sha-256": ("sha256", 32), "sha-512": ("sha512", 64)}
_MEMBER = re.compile(r"([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]*):(?:;.*)?")
_HEX = re.compile(r"[0-9a-fA-F]{64}")


def announced_digests(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the digests that the sender announces: algorithm -> lower-case hex.

    Algorithms that are not known are left out, as RFC 9530 §3 allows. Raises ParseError (400) for
    what is none, and where two headers contradict each other.
    """
    found: dict[str, str] = {}
    for field in _FIELDS:
        for algorithm, digest in _members(field, headers.get(field, "")):
            _add(found, algorithm, digest)
    if text := headers.get("X-Checksum-Sha256", ""):
        if not _HEX.fullmatch(text.strip()):
            raise ParseError("X-Checksum-Sha256 has 64 hexadecimal digits")
        _add(found, "sha256", text.strip().lower())
    return found


def _add(found: dict[str, str], algorithm: str, digest: str) -> None:
    if found.setdefault(algorithm, digest) != digest:
        raise ParseError(f"the headers announce two different digests of {algorithm}")


def _members(field: str, text: str) -> list[tuple[str, str]]:
    """Read a dictionary of byte sequences (RFC 8941 §3.2, as far as digests need it)."""
    found = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        member = _MEMBER.fullmatch(part)
        if member is None:
            raise ParseError(f"{field} has the form sha-256=:BASE64:")
        known = _ALGORITHMS.get(member[1])
        digest = bytes_of(member[2])
        if digest is None or (known and len(digest) != known[1]):
            raise ParseError(f"{field} holds no digest of {member[1]}")
        if known:
            found.append((known[0], digest.hex()))
    return found


def bytes_of(text: str) -> bytes | None:
    """Decode base64 strictly; None for what is none."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # no base64, or no ASCII
        return None
