"""The digest algorithms, by the names that BagIt, OCFL and `sip.json` write.

Imports as little as possible: the helper processes of `digest_pool` start with nothing else.
MD5, SHA-1 and Adler-32 are there only because producers gave them.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping

BLOCK_BYTES = 256 * 1024


class Adler32:
    """Adler-32 with the interface of a `hashlib` object."""

    def __init__(self) -> None:
        self._value = 1

    def update(self, data: bytes | bytearray | memoryview, /) -> None:
        """Take the next bytes."""
        self._value = zlib.adler32(data, self._value)

    def hexdigest(self) -> str:
        """Return eight lower-case hex digits."""
        return f"{self._value:08x}"


def _blake2b(bits: int) -> Callable[[], hashlib.blake2b]:
    return lambda: hashlib.blake2b(digest_size=bits // 8)


# `object` as value type: hashlib's classes share no importable base that mypy knows.
MAKERS: Mapping[str, Callable[[], object]] = {
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
    "adler32": Adler32,
}
"""Name -> maker of an object with `update` and `hexdigest`."""
