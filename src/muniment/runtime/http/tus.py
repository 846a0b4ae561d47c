"""What tus 1.0.0 says in headers (https://tus.io/protocols/resumable-upload, May 2016)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rest_framework.exceptions import ParseError

from muniment.runtime.errors import VersionConflict
from muniment.runtime.http.digest_fields import bytes_of

VERSION = "1.0.0"
CHECKSUMS = {"md5": 16, "sha1": 20, "sha256": 32, "sha512": 64}
"""Algorithm of `Upload-Checksum` -> bytes of its digest."""

ANSWER = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
OPTIONS = {
    "Tus-Resumable": VERSION,
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,checksum,termination",
    "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
}
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a block of bytes must come to."""

    algorithm: str
    hex: str


def is_tus(headers: Mapping[str, str]) -> bool:
    """Say whether the sender speaks tus."""
    return "Tus-Resumable" in headers


def check_version(headers: Mapping[str, str]) -> None:
    """Raise VersionConflict (412) unless it is the version that we speak."""
    said = headers.get("Tus-Resumable")
    if said != VERSION:
        raise VersionConflict(f"Tus-Resumable must be {VERSION} here")


def number(headers: Mapping[str, str], name: str) -> int:
    """Read a length or an offset; ParseError (400) where it is none."""
    text = headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise ParseError(f"{name} must be a whole number of bytes")
    return int(text)


def metadata(headers: Mapping[str, str]) -> dict[str, bytes]:
    """Read `Upload-Metadata`: pairs of a key and a value in base64, with commas between."""
    found: dict[str, bytes] = {}
    text = headers.get("Upload-Metadata", "")
    for pair in text.split(",") if text.strip() else ():
        key, _, value = pair.strip().partition(" ")
        decoded = bytes_of(value.strip())
        if not key or not key.isascii() or key in found or decoded is None:
            raise ParseError("Upload-Metadata has the form KEY BASE64,KEY BASE64; each key once")
        found[key] = decoded
    return found


def checksum(headers: Mapping[str, str]) -> Checksum | None:
    """Read `Upload-Checksum`; None without one."""
    text = headers.get("Upload-Checksum")
    if text is None:
        return None
    algorithm, _, value = text.strip().partition(" ")
    decoded = bytes_of(value.strip())
    if algorithm not in CHECKSUMS:
        raise ParseError(f"Upload-Checksum: known are {', '.join(CHECKSUMS)}")
    if decoded is None or len(decoded) != CHECKSUMS[algorithm]:
        raise ParseError(f"Upload-Checksum holds no digest of {algorithm}")
    return Checksum(algorithm, decoded.hex())
