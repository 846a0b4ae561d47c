"""Ranges of the query language: sizes and times."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from muniment.catalogue.search.types import NumberRange, TimeRange
from muniment.runtime.errors import InvalidArgument

T = TypeVar("T")

_COMPARED = re.compile(r"(>=|<=|>|<)(.+)")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(?:([kKMGT])(i?)[bB]?|[bB])?")
_POWERS = {"k": 1, "K": 1, "M": 2, "G": 3, "T": 4}
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")

_MAX_NUMBER = (1 << 63) - 1


def number_range(field: str, text: str, is_wanted: bool = True) -> NumberRange:
    """Read `>1000`, `<=2GiB`, `1k..2k`, `5`; both ends included."""
    low, high = _ends(field, text, lambda t: (_number(field, t), _number(field, t)))
    operator = _operator(text)
    if operator == ">" and low is not None:
        low += 1
    if operator == "<" and high is not None:
        high -= 1
    return NumberRange(field, low, high, is_wanted)


def time_range(field: str, text: str, is_wanted: bool = True) -> TimeRange:
    """Read `2026`, `2026-01..2026-03`, `>2026-02-03`; a date stands for its whole span, in UTC."""
    match _operator(text):
        case ">":
            return TimeRange(field, _span(field, text[1:])[1], None, is_wanted)
        case "<":
            return TimeRange(field, None, _span(field, text[1:])[0], is_wanted)
        case _:
            start, end = _ends(field, text, lambda t: _span(field, t))
            return TimeRange(field, start, end, is_wanted)


def _operator(text: str) -> str:
    match = _COMPARED.fullmatch(text)
    return match[1] if match else ""


def _ends(field: str, text: str, read: Callable[[str], tuple[T, T]]) -> tuple[T | None, T | None]:
    """Split a range; `read` gives the lower and upper end that one value stands for."""
    if match := _COMPARED.fullmatch(text):
        low, high = read(match[2])
        return (low, None) if match[1].startswith(">") else (None, high)
    if ".." in text:
        first, _, last = text.partition("..")
        if not first and not last:
            raise InvalidArgument(f"{field}: {text!r} is no range: write 1..9, 1.. or ..9")
        return (read(first)[0] if first else None, read(last)[1] if last else None)
    return read(text)


def _number(field: str, text: str) -> int:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise InvalidArgument(
            f"{field}: {text!r} is no number; write 1000, 10kB, 1.5GiB, >1MB or 1MB..2MB"
        )
    base = 1024 if match[3] else 1000
    return int(min(float(match[1]) * base ** _POWERS.get(match[2], 0), _MAX_NUMBER))


def _span(field: str, text: str) -> tuple[datetime, datetime]:
    """Return the first moment of a year, month or day and of the next one."""
    no_date = InvalidArgument(
        f"{field}: {text!r} is no date; write 2026, 2026-01, 2026-01-31 or 2026-01..2026-03"
    )
    match = _DATE.fullmatch(text)
    if match is None:
        raise no_date
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        start = datetime(year, month, day, tzinfo=UTC)
        if match[3]:
            return start, start + timedelta(days=1)
        if match[2]:
            return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        return start, datetime(year + 1, 1, 1, tzinfo=UTC)
    except (ValueError, OverflowError) as exc:
        raise no_date from exc
