"""A part of every day, by the wall clock of a time zone: when heavy work may run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_FORM = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)(?: +(\S+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """From `begins` on, up to `ends` and without it; over midnight when `ends` is the earlier."""

    begins: time
    ends: time
    zone: ZoneInfo

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `22:00-06:00`, in UTC, or `22:00-06:00 Europe/Paris`; raises ValueError."""
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise ValueError("must be such as 22:00-06:00 or 22:00-06:00 Europe/Paris")
        begins, ends = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
        if begins == ends:
            raise ValueError("must begin and end at different times; empty: any time")
        try:
            return cls(begins, ends, ZoneInfo(match[5] or "UTC"))
        except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
            raise ValueError(f"{match[5]!r} is no time zone; try Europe/Paris") from exc

    def includes(self, at: datetime) -> bool:
        """Say whether the window is open."""
        now = at.astimezone(self.zone).time()
        if self.begins < self.ends:
            return self.begins <= now < self.ends
        return now >= self.begins or now < self.ends

    def next_opening(self, after: datetime) -> datetime:
        """Return when the window opens next, in UTC."""
        day = after.astimezone(self.zone).date()
        while True:
            opening = datetime.combine(day, self.begins, self.zone).astimezone(UTC)
            if opening > after:
                return opening
            day += timedelta(days=1)
