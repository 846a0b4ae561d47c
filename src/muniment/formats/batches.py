"""Files in batches through helper processes; one bad file costs only itself.

A helper gets base + size / rate seconds for a batch. When it dies or hangs, the file that it said
it was at, or else half of the batch after half of it, is tried alone; the file that does it again
then is reported, all others are done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from muniment.runtime.contained import ContainedProcess
from muniment.runtime.contained.process import Watch
from muniment.runtime.errors import ToolFailed, ToolTimeout

Item = TypeVar("Item")
Result = TypeVar("Result")
_FIRST_FILES = 8


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

    def parts(self, suspect: int | None) -> list[Batch[Item]]:
        """Return what is before, at and after the suspect; two halves where there is none."""
        middle = len(self.items) // 2
        cuts = [middle] if suspect is None else [suspect, suspect + 1]
        bounds = zip([0, *cuts], [*cuts, len(self.items)], strict=True)
        return [Batch(self.items[a:b], self.sizes[a:b]) for a, b in bounds if a < b]


def in_batches(items: Iterable[tuple[Item, int]], allowance: Allowance) -> Iterator[Batch[Item]]:
    """Group items, given with their sizes, in their order; a large file stands alone.

    The first batches are small, so that a small package keeps all helpers busy.
    """
    waiting: list[Item] = []
    sizes: list[int] = []
    total, most = 0, min(_FIRST_FILES, allowance.files)
    for item, size in items:
        if waiting and (len(waiting) == most or total + size > allowance.size_bytes):
            yield Batch(waiting, sizes)
            waiting, sizes, total = [], [], 0
            most = min(most + _FIRST_FILES, allowance.files)
        waiting.append(item)
        sizes.append(size)
        total += size
    if waiting:
        yield Batch(waiting, sizes)


@dataclass(frozen=True, slots=True)
class Work(Generic[Item, Result]):
    """What helpers do with batches: the call, its arguments, the reading of its results.

    The function may report the number of the item that it begins with. `failed` makes the result
    of the one file that killed its helper or let it hang.
    """

    function: str
    allowance: Allowance
    arguments: Callable[[Sequence[Item]], Any]
    read: Callable[[Any], Result]
    failed: Callable[[Item, str], Result]

    def __call__(
        self, process: ContainedProcess, batch: Batch[Item], *, is_suspect: bool = False
    ) -> list[Result]:
        """Return one result for each item.

        Nothing is told of a file before it failed twice: its helper may have died of something
        else, such as the kernel's need for memory.
        """
        wall_s = self.allowance.seconds(sum(batch.sizes))
        arguments = self.arguments(batch.items)
        suspects: list[int] = []
        watch = Watch(progress=lambda done, _total, _message: suspects.append(done))
        try:
            rows: Any = process.call(self.function, arguments, wall_s=wall_s, watch=watch)
        except (ToolFailed, ToolTimeout) as exc:
            if process.is_stopping:
                raise
            if len(batch.items) > 1:
                parts = batch.parts(suspects[-1] if suspects else None)
            elif is_suspect:
                return [self.failed(batch.items[0], str(exc))]
            else:
                parts = [batch]
            return [one for part in parts for one in self(process, part, is_suspect=True)]
        return [self.read(row) for row in rows]
