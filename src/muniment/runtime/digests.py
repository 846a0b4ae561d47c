"""All digests of a file in one read of it.

256 KiB blocks and one thread a file did best when measured; `hashlib` releases the GIL for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol, cast

from muniment.runtime.digest_algorithms import BLOCK_BYTES, MAKERS


class _Hash(Protocol):
    def update(self, data: bytes | memoryview, /) -> None: ...

    def hexdigest(self) -> str: ...


# The table is typed loosely where it stands, so that a helper process need not import typing.
_MAKERS = cast("Mapping[str, Callable[[], _Hash]]", MAKERS)

ALGORITHMS = frozenset(_MAKERS)


@dataclass(frozen=True, slots=True)
class Digests:
    """Size in bytes and lower-case hex digests by algorithm name."""

    size_bytes: int
    by_algorithm: Mapping[str, str] = field(default_factory=dict)


class Digester:
    """Feeds blocks to several digest algorithms at once."""

    def __init__(self, algorithms: Iterable[str]) -> None:
        """Raises KeyError for a name that is not in ALGORITHMS."""
        self._hashes = {name: _MAKERS[name]() for name in algorithms}
        self._updates = [each.update for each in self._hashes.values()]
        self.size_bytes = 0

    def update(self, block: bytes | memoryview) -> None:
        """Take the next bytes."""
        self.size_bytes += len(block)
        for update in self._updates:
            update(block)

    def result(self) -> Digests:
        """Return what the bytes so far come to."""
        return Digests(self.size_bytes, {k: h.hexdigest() for k, h in self._hashes.items()})


def digest_stream(
    stream: BinaryIO, algorithms: Iterable[str], *, copy_to: BinaryIO | None = None
) -> Digests:
    """Read a stream to its end once; hand every block on to `copy_to` where one is given."""
    digester = Digester(algorithms)
    buffer = bytearray(BLOCK_BYTES)
    view = memoryview(buffer)
    while size := stream.readinto(buffer):  # type: ignore[attr-defined]  # BinaryIO lacks it
        block = view[:size]
        digester.update(block)
        if copy_to is not None:
            copy_to.write(block)
    return digester.result()
