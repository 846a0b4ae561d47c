"""All digests of a file in one read of it.

256 KiB blocks and one thread a file did best when measured; `hashlib` releases the GIL for them.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

BLOCK_BYTES = 256 * 1024


class _Hash(Protocol):
    def update(self, data: bytes | memoryview, /) -> None: ...

    def hexdigest(self) -> str: ...


class _Adler32:
    def __init__(self) -> None:
        self._value = 1

    def update(self, data: bytes | memoryview, /) -> None:
        self._value = zlib.adler32(data, self._value)

    def hexdigest(self) -> str:
        return f"{self._value:08x}"


def _blake2b(bits: int) -> Callable[[], _Hash]:
    return lambda: hashlib.blake2b(digest_size=bits // 8)


# Names as BagIt, OCFL and sip.json write them; MD5 and SHA-1 only where a producer gave them.
_MAKERS: Mapping[str, Callable[[], _Hash]] = {
    "md5": lambda: hashlib.md5(usedforsecurity=False),
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha224": hashlib.sha224,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
    "sha512/256": lambda: hashlib.new("sha512_256"),
    "sha3-224": hashlib.sha3_224,
    "sha3-256": hashlib.sha3_256,
    "sha3-384": hashlib.sha3_384,
    "sha3-512": hashlib.sha3_512,
    "blake2b-160": _blake2b(160),
    "blake2b-256": _blake2b(256),
    "blake2b-384": _blake2b(384),
    "blake2b-512": _blake2b(512),
    "blake2s-256": hashlib.blake2s,
    "adler32": _Adler32,
}

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
