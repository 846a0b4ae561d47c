"""Registered extension names, what URIs look like, and names that are not UTF-8."""

from __future__ import annotations

import re

REGISTERED_EXTENSIONS = frozenset(
    {
        "0001-digest-algorithms",
        "0002-flat-direct-storage-layout",
        "0003-hash-and-id-n-tuple-storage-layout",
        "0004-hashed-n-tuple-storage-layout",
        "0005-mutable-head",
        "0006-flat-omit-prefix-storage-layout",
        "0007-n-tuple-omit-prefix-storage-layout",
        "0008-schema-registry",
        "0009-digest-algorithms",
        "0010-differential-n-tuple-omit-prefix-storage-layout",
        "0011-direct-clean-path-layout",
        "0012-hash-and-no-prefix-id-n-tuple-storage-layout",
        "initial",
    }
)
"""The registry of OCFL/extensions as it was in 2026."""

_LATER = re.compile(r"00(1[3-9]|[2-9][0-9])-[a-z0-9-]+", re.ASCII)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:.+", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


def is_registered(name: str) -> bool:
    """Say whether an extension is registered; one with a later number gets the benefit of doubt."""
    return name in REGISTERED_EXTENSIONS or _LATER.fullmatch(name) is not None


def is_uri(text: str) -> bool:
    """Say whether a text has a scheme and something after it (RFC 3986 §3)."""
    return _URI.match(text) is not None


def is_utf_8(name: str) -> bool:
    """Say whether a name from the file system can stand in an inventory."""
    return _SURROGATE.search(name) is None


def printable(name: str) -> str:
    """Return a name from the file system, or a text of JSON, that can be printed and stored."""
    return _SURROGATE.sub(_escaped, name)


def _escaped(match: re.Match[str]) -> str:
    number = ord(match[0])
    # Python writes a byte that is not UTF-8 as U+DC00 and the byte.
    return f"\\x{number - 0xDC00:02x}" if 0xDC80 <= number <= 0xDCFF else f"\\u{number:04x}"
