"""Files in batches through helper processes; one bad file costs only itself.

A helper gets base + size / rate seconds for a batch. When it dies or hangs, the batch is halved
until the file that did it stands alone; that one is reported, all others are done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from muniment.runtime.contained import ContainedProcess
from muniment.runtime.errors import ToolFailed, ToolTimeout

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much is given to a helper at once, and how long it may take for that."""

    files: int
    size_bytes: int
    base_s: float
    rate_bytes_s: float

    def seconds(self, size_bytes: int) -> float:
        """Return the wall time for that many bytes."""
        return self.base_s + size_bytes / self.rate_bytes_s


@dataclass(frozen=True, slots=True)
class Batch(Generic[Item]):
    """Some items and their sizes in bytes."""

    items: Sequence[Item]
    sizes: Sequence[int]

    def halves(self) -> tuple[Batch[Item], Batch[Item]]:
        """Return the first and the second half."""
        middle = len(self.items) // 2
        return (
            Batch(self.items[:middle], self.sizes[:middle]),
            Batch(self.items[middle:], self.sizes[middle:]),
        )


def in_batches(items: Iterable[tuple[Item, int]], allowance: Allowance) -> Iterator[Batch[Item]]:
    """Group items, given with their sizes, in their order; a large file stands alone."""
    waiting: list[Item] = []
    sizes: list[int] = []
    total = 0
    for item, size in items:
        if waiting and (len(waiting) == allowance.files or total + size > allowance.size_bytes):
            yield Batch(waiting, sizes)
            waiting, sizes, total = [], [], 0
        waiting.append(item)
        sizes.append(size)
        total += size
    if waiting:
        yield Batch(waiting, sizes)


@dataclass(frozen=True, slots=True)
class Work(Generic[Item, Result]):
    """What helpers do with batches: the call, its arguments, the reading of its results.

    `failed` makes the result of the one file that killed its helper or let it hang.
    """

    function: str
    allowance: Allowance
    arguments: Callable[[Sequence[Item]], Any]
    read: Callable[[Any], Result]
    failed: Callable[[Item, str], Result]

    def __call__(self, process: ContainedProcess, batch: Batch[Item]) -> list[Result]:
        """Return one result for each item."""
        wall_s = self.allowance.seconds(sum(batch.sizes))
        arguments = self.arguments(batch.items)
        try:
            rows: Any = process.call(self.function, arguments, wall_s=wall_s)
        except (ToolFailed, ToolTimeout) as exc:
            if process.is_stopping:
                raise
            if len(batch.items) == 1:
                return [self.failed(batch.items[0], str(exc))]
            return [result for half in batch.halves() for result in self(process, half)]
        return [self.read(row) for row in rows]
