"""The days of a term of grant: EDTF dates, and words that limit nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.premis import RightsGranted, is_date, term_days


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "expected"),
    [
        ("2024-02-03", "2024-02-29", (date(2024, 2, 3), date(2024, 2, 29))),
        ("2024-02", "2024-02", (date(2024, 2, 1), date(2024, 2, 29))),
        ("2023", "2024", (date(2023, 1, 1), date(2024, 12, 31))),
        ("2024-02-03T10:00:00Z", "2025-01-01T00:00:00", (date(2024, 2, 3), date(2025, 1, 1))),
        ("", "", (None, None)),
        ("..", "OPEN", (None, None)),
        ("2023-02-30", "soon", (None, None)),
        ("2023-13", "0000", (None, None)),
    ],
)
def test_a_term_has_days(
    starts_at: str, ends_at: str, expected: tuple[date | None, date | None]
) -> None:
    granted = RightsGranted(act="display", starts_at=starts_at, ends_at=ends_at)
    assert term_days(granted) == expected


@given(st.dates(), st.dates())
def test_every_day_is_read_as_it_is_written(starts_on: date, ends_on: date) -> None:
    granted = RightsGranted(
        act="display", starts_at=starts_on.isoformat(), ends_at=ends_on.isoformat()
    )
    assert term_days(granted) == (starts_on, ends_on)


@given(st.text())
def test_any_text_is_a_date_or_limits_nothing(text: str) -> None:
    first, last = term_days(RightsGranted(act="display", starts_at=text, ends_at=text))
    assert (first is not None) is (last is not None) is is_date(text)
    assert first is None or last is None or first <= last
