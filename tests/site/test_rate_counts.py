"""Counting requests never stops them."""

from __future__ import annotations

import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from muniment.site.rate_limits import Counts


def test_threads_count_by_turns_and_lose_nothing(tmp_path: Path) -> None:
    counts = Counts(tmp_path / "counts.sqlite3", 60)
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda _: counts.add("ada"), range(200)))
    assert sorted(found) == list(range(1, 201))


def test_a_count_that_cannot_be_had_is_none_and_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    counts = Counts(tmp_path / "counts.sqlite3", 60)
    counts.add("ada")
    with closing(sqlite3.connect(tmp_path / "counts.sqlite3")) as other:
        other.execute("BEGIN EXCLUSIVE")
        with caplog.at_level(logging.WARNING, logger="muniment.site.rate_limits"):
            assert counts.add("ada") == 0
        other.rollback()
    assert "could not be counted" in caplog.text
    assert counts.add("ada") == 2
