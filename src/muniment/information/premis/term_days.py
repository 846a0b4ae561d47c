"""The days of a term of grant. PREMIS 3.0 §4.1.6.3 `termOfGrant`; dates are EDTF level 0."""

from __future__ import annotations

import calendar
import re
from datetime import date

from muniment.information.premis.model import RightsGranted

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?", re.DOTALL)
NO_END = ("", "OPEN", "..")
"""How the end of a term that goes on is written: PREMIS's word, EDTF's, and nothing."""


def is_date(text: str) -> bool:
    """Say whether a text is a year, a month or a day that there is."""
    return _span(text) is not None


def term_days(granted: RightsGranted) -> tuple[date | None, date | None]:
    """Return the first and the last day of a term; None where it has no such limit.

    A year begins with its first day and ends with its last. A date that cannot be read limits
    nothing: a restriction is then held to be in force.
    """
    starts, ends = _span(granted.starts_at), _span(granted.ends_at)
    return (starts[0] if starts else None), (ends[1] if ends else None)


def _span(text: str) -> tuple[date, date] | None:
    found = _DATE.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first, first
    last_month = month or 12
    return first, date(first.year, last_month, calendar.monthrange(first.year, last_month)[1])
