"""Reading a sealed file so that bytes which were not sealed are never believed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, BinaryIO

from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import FixityMismatch
from muniment.storage.ports import StoredVersion

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BLOCK_BYTES = 256 * 1024


def verified_opener(version: StoredVersion) -> Callable[[str], BinaryIO]:
    """Return what opens the files of a version by logical path and compares each at its end.

    The stream raises FixityMismatch in place of its end when the SHA-512 is not the sealed one,
    StorageUnavailable when the disk fails. What was read before the end is not proven yet: keep
    nothing of it (a transaction will do). Opening raises as `StoredVersion.open` does.
    """

    def open_verified(logical_path: str) -> BinaryIO:
        name = f"{version.object_id} v{version.number}: {logical_path!r}"
        raw = _Verified(version.open(logical_path), version.lookup(logical_path), name)
        return BufferedReader(raw, _BLOCK_BYTES)

    return open_verified


class _Verified(RawIOBase):
    """Hands bytes on and digests them; `BufferedReader` above it gives lines at C's speed."""

    def __init__(self, stream: BinaryIO, expected: str, name: str) -> None:
        self._stream = stream
        self._digest = hashlib.sha512()
        self._expected = expected
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        with storage_errors(self._name):
            count: int = self._stream.readinto(view)  # type: ignore[attr-defined]  # of binary files
        if count:
            self._digest.update(view[:count])
        elif (found := self._digest.hexdigest()) != self._expected:
            raise FixityMismatch(
                f"{self._name} has the SHA-512 {found}, sealed was {self._expected}"
            )
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()
