"""Reading is held back to so many bytes a second; nobody's clock is waited for."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from muniment.runtime.clock import FakeClock
from muniment.runtime.digest_pool import DigestJob, digest_many, digest_paced
from muniment.storage.fixity.pacing import Pace

RATE = 1000


def a_pace(clock: FakeClock) -> Pace:
    return Pace(RATE, clock, sleep=clock.advance)


@given(st.lists(st.tuples(st.integers(0, 5000), st.floats(0, 3)), min_size=1, max_size=30))
def test_at_no_time_was_more_read_than_the_limit_allows(reads: list[tuple[int, float]]) -> None:
    """Whatever time the reading itself takes, but for one second's worth after a rest."""
    clock = FakeClock()
    pace = a_pace(clock)
    total = 0
    for size_bytes, took_s in reads:
        clock.advance(took_s)
        pace.spend(size_bytes)
        total += size_bytes
        assert total <= RATE * clock.monotonic_s() + 1e-3 * total + 1


def test_reading_that_is_slow_enough_is_not_held_back() -> None:
    clock = FakeClock()
    pace = a_pace(clock)
    for _ in range(10):
        clock.advance(1.0)
        pace.spend(500)
    assert clock.monotonic_s() == 10.0


def test_a_rest_is_no_credit_for_a_burst() -> None:
    clock = FakeClock()
    pace = a_pace(clock)
    clock.advance(3600)
    pace.spend(0)
    before = clock.monotonic_s()
    for _ in range(10):
        pace.spend(RATE)
    assert clock.monotonic_s() == before + 10


def test_every_block_of_a_file_is_told_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * 1_000_000)
    job = DigestJob(path, ("sha512",))
    told: list[int] = []
    (paced,) = digest_paced([job], told.append)
    (plain,) = digest_many([job])
    assert (sum(told), len(told) > 1) == (1_000_000, True)
    assert paced.digests == plain.digests
