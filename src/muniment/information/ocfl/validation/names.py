"""Registered extension names, and what URIs and dates look like."""

from __future__ import annotations

import re
from datetime import datetime

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
_RFC_3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:)(\d\d)(?:\.\d+)?(?:Z|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII | re.IGNORECASE,
)


def is_registered(name: str) -> bool:
    """Say whether an extension is registered; one with a later number gets the benefit of doubt."""
    return name in REGISTERED_EXTENSIONS or _LATER.fullmatch(name) is not None


def is_uri(text: str) -> bool:
    """Say whether a text has a scheme and something after it (RFC 3986 §3)."""
    return _URI.match(text) is not None


def is_date_time(text: str) -> bool:
    """Say whether a text is an Internet date and time with seconds and zone (RFC 3339 §5.6)."""
    match = _RFC_3339.fullmatch(text)
    if match is None:
        return False
    day, minute, second = match[1], match[2], match[3]
    try:
        datetime.fromisoformat(f"{day}T{minute}{'59' if second == '60' else second}+00:00")
    except ValueError:
        return False
    return True
