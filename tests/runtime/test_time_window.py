"""A part of every day: open or closed, when it opens next, and what is no such part."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.runtime.time_window import TimeWindow

times = st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
zones = st.sampled_from(["", " Europe/Paris", " America/New_York", " Asia/Kathmandu"])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("window", "moment", "is_open"), [
    ("09:00-17:00", "2026-01-01 09:00", True),
    ("09:00-17:00", "2026-01-01 17:00", False),
    ("09:00-17:00", "2026-01-01 08:59", False),
    ("22:00-06:00", "2026-01-01 23:00", True),
    ("22:00-06:00", "2026-01-01 05:59", True),
    ("22:00-06:00", "2026-01-01 06:00", False),
    ("22:00-06:00 Europe/Paris", "2026-01-01 21:30", True),
    ("22:00-06:00 Europe/Paris", "2026-07-01 20:30", True),
    ("22:00-06:00 Europe/Paris", "2026-01-01 20:30", False),
])  # fmt: skip
def test_the_wall_clock_of_the_zone_counts(window: str, moment: str, is_open: bool) -> None:
    assert TimeWindow.parse(window).includes(at(moment)) is is_open


@given(times, zones, st.integers(0, 1439), st.integers(1, 1439))
def test_it_opens_within_a_day_or_so_and_is_open_then(
    now: datetime, zone: str, begins: int, minutes: int
) -> None:
    ends = (begins + minutes) % 1440
    said = f"{begins // 60:02}:{begins % 60:02}-{ends // 60:02}:{ends % 60:02}{zone}"
    window = TimeWindow.parse(said)
    opening = window.next_opening(now)
    assert now < opening <= now + timedelta(days=1, hours=2)


@pytest.mark.parametrize("text", [
    "late", "22:00", "22-06", "24:00-06:00", "22:60-06:00", "22:00-22:00", "22:00-06:00 Nowhere/At",
    "22:00-06:00 ../../etc/passwd", "22:00-06:00 Europe/Paris x", "22:00-06:0\u0660",
])  # fmt: skip
def test_what_is_no_window_is_refused_with_the_right_form(text: str) -> None:
    with pytest.raises(ValueError, match=r"such as|different times|no time zone"):
        TimeWindow.parse(text)
