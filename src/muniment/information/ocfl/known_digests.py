"""Says quickly that a digest is new: most digests of a new version are."""

from __future__ import annotations

_BITS = 1 << 23
_MASK = _BITS - 1


class KnownDigests:
    """A Bloom filter of 1 MiB: "new" is certain, "known" is to be looked up.

    With a million digests one in twenty is looked up in vain. A digest is random already, so parts
    of it are the hash functions.
    """

    def __init__(self) -> None:
        self._bits = bytearray(_BITS // 8)

    def add(self, digest: str) -> bool:
        """Note a lower-case hex digest; say whether it may have been noted before."""
        number = int(digest[:16], 16)
        one, two = number & _MASK, (number >> 32) & _MASK
        bits = self._bits
        was_there = bits[one >> 3] & (1 << (one & 7)) and bits[two >> 3] & (1 << (two & 7))
        bits[one >> 3] |= 1 << (one & 7)
        bits[two >> 3] |= 1 << (two & 7)
        return bool(was_there)
