"""Walking a storage root in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from muniment.runtime.errors import Unavailable

Each = TypeVar("Each")


def in_batches(values: Iterable[Each], size: int) -> Iterator[list[Each]]:
    """Cut into lists of `size`. What came before the source failed is given before that is told."""
    batch: list[Each] = []
    try:
        for value in values:
            batch.append(value)
            if len(batch) == size:
                yield batch
                batch = []
    except Unavailable:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
