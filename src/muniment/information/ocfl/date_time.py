"""Internet dates and times (RFC 3339), as version blocks have them (OCFL 1.1 §3.5.3.1)."""

from __future__ import annotations

import re
from datetime import datetime

_RFC_3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:)(\d\d)(\.\d{1,6})?\d*(?:Z|([+-](?:[01]\d|2[0-3]):[0-5]\d))",
    re.ASCII | re.IGNORECASE,
)


def parse_date_time(text: str) -> datetime | None:
    """Read a date and time with seconds and zone; None when it is none.

    A leap second is read as the second before it, what is below a microsecond is dropped.
    """
    match = _RFC_3339.fullmatch(text)
    if match is None:
        return None
    day, minute, second, fraction, zone = match.groups()
    second = "59" if second == "60" else second
    try:
        return datetime.fromisoformat(f"{day}T{minute}{second}{fraction or ''}{zone or '+00:00'}")
    except ValueError:
        return None
