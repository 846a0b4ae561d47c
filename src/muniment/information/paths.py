"""Names of a package's files: the bytes are kept, our paths are safe (archive spec §1).

A name may be any bytes. In our paths, bytes that are not UTF-8, characters that XML 1.0 forbids
and `%` are percent-encoded, so that a path is valid UTF-8, fits into METS, PREMIS and OCFL, and
`decode_name` gives the very bytes back. A part over 255 bytes is shortened with a digest, which
only the original name can undo.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote_to_bytes

MAX_PART_BYTES = 255
"""What file systems take."""

MAX_PATH_BYTES = 3072
"""Leaves room for the folders above, within Linux's 4,096; a 1,024-byte name always fits."""

MAX_PARTS = 256
"""Python's own ways to walk and to remove folders call themselves at every level."""

MAX_SUFFIX_CHARACTERS = 16

# XML 1.0 §2.2 [2] Char, turned round; surrogates stand for bytes that are not UTF-8.
_TO_ENCODE = re.compile(r"[%\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNSHORTENED = re.compile(r"%[0-9A-F]?$")
_DRIVE = re.compile(rb"[A-Za-z]:")
_SEPARATORS = re.compile(rb"[/\\]")


class PathFault(StrEnum):
    """Why a path is refused; the values are finding codes of the unpacking table."""

    EMPTY = "path-empty"
    NUL = "path-nul"
    ABSOLUTE = "path-absolute"
    DRIVE = "path-drive"
    PARENT = "path-parent"
    LONG = "path-long"
    DEEP = "path-deep"


@dataclass(frozen=True, slots=True)
class SafePath:
    """Where a file goes below the package root, and what it was called.

    Both are relative and `/` separated; they differ only when a part was shortened.
    """

    path: str
    original_name: str


def encode_name(name: bytes) -> str:
    """Write any bytes as text that XML 1.0 and JSON can hold; exact, see `decode_name`."""
    text = name.decode("utf-8", "surrogateescape")
    if text.isprintable() and "%" not in text:
        return text  # neither controls nor surrogates are printable: the usual case
    return _TO_ENCODE.sub(_percent, text)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogateescape"))


def decode_name(text: str) -> bytes:
    """Return the bytes of a name that `encode_name` wrote."""
    return unquote_to_bytes(text)


def shorten_part(part: str) -> str:
    """Cut a part of a path to 255 bytes, marked by a digest of the whole; its suffix stays.

    Neither a character nor a percent-encoded byte is cut in two.
    """
    encoded = part.encode()
    if len(encoded) <= MAX_PART_BYTES:
        return part
    _, dot, suffix = part.rpartition(".")
    keep = f".{suffix}" if dot and len(suffix) <= MAX_SUFFIX_CHARACTERS else ""
    tail = f"~{hashlib.sha256(encoded).hexdigest()[:16]}{keep}"
    head = encoded[: MAX_PART_BYTES - len(tail.encode())].decode("utf-8", "ignore")
    return _UNSHORTENED.sub("", head) + tail


def check_path(name: bytes) -> PathFault | None:
    """Say why a path of a package is refused, if it is (archive spec §1, orchestration S12).

    A backslash is a letter on our file systems, but a separator where the package may go next.
    """
    if b"\0" in name:
        return PathFault.NUL
    if name.startswith((b"/", b"\\")):
        return PathFault.ABSOLUTE
    if _DRIVE.match(name):
        return PathFault.DRIVE
    if b".." in name and b".." in _SEPARATORS.split(name):
        return PathFault.PARENT
    return None


def safe_path(name: bytes) -> SafePath | PathFault:
    """Make the path of a file of a package from the bytes of its name there.

    `.` and empty parts are dropped, as every reader does.
    """
    if fault := check_path(name):
        return fault
    parts = encode_name(name).split("/")
    if "" in parts or "." in parts:
        parts = [part for part in parts if part not in {"", "."}]
    if not parts:
        return PathFault.EMPTY
    if len(parts) > MAX_PARTS:
        return PathFault.DEEP
    original = "/".join(parts)
    path = original
    if len(original) > MAX_PART_BYTES // 4:  # at most four bytes a character
        path = "/".join(map(shorten_part, parts))
    return PathFault.LONG if len(path.encode()) > MAX_PATH_BYTES else SafePath(path, original)


def folded(part: str) -> str:
    """Return what a store that ignores case and Unicode forms would take a name for."""
    if part.isascii():
        return part.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", part).casefold())


def shown(text: str) -> str:
    """Escape control characters of a name for a message or a terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
