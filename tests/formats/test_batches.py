from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.formats.batches import Allowance, Batch, in_batches

SMALL = Allowance(files=20, size_bytes=100, base_s=10, rate_bytes_s=5)


@given(st.lists(st.integers(0, 150)))
@settings(deadline=None)
def test_batches_keep_every_item_in_order(sizes: list[int]) -> None:
    batches = list(in_batches(enumerate(sizes), SMALL))
    assert [item for batch in batches for item in batch.items] == list(range(len(sizes)))
    assert [size for batch in batches for size in batch.sizes] == sizes


@given(st.lists(st.integers(0, 150)))
@settings(deadline=None)
def test_batches_stay_within_the_allowance(sizes: list[int]) -> None:
    for batch in in_batches(enumerate(sizes), SMALL):
        assert len(batch.items) <= 20
        assert len(batch.items) == 1 or sum(batch.sizes) <= 100


def test_the_first_batches_are_small() -> None:
    batches = in_batches(((number, 0) for number in range(100)), SMALL)
    assert [len(batch.items) for batch in batches] == [8, 16, 20, 20, 20, 16]


def test_time_grows_with_size() -> None:
    assert SMALL.seconds(50) == 20


@given(st.integers(2, 50), st.data())
@settings(deadline=None)
def test_the_parts_of_a_batch_are_the_batch(count: int, data: st.DataObject) -> None:
    batch = Batch(list(range(count)), [1] * count)
    suspect = data.draw(st.none() | st.integers(0, count - 1))
    parts = batch.parts(suspect)
    assert [item for part in parts for item in part.items] == list(range(count))
    assert all(len(part.items) < count for part in parts)
    assert suspect is None or Batch([suspect], [1]) in parts
