"""Opens what must be a regular file: a pipe would keep us waiting, a link would lead us away."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from muniment.runtime.digests import digest_stream
from muniment.runtime.errors import CorruptObject

_OTHER_KINDS = {errno.EINVAL, errno.ELOOP, errno.ENXIO}


def open_regular(path: str) -> BinaryIO:
    """Open a file for reading; raises OSError for anything that is not a regular file itself."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file", path)
    return os.fdopen(descriptor, "rb")


def is_no_file(fault: OSError) -> bool:
    """Say whether `open_regular` failed because a folder, link, pipe or device is there."""
    return fault.errno in _OTHER_KINDS


def open_strictly(path: Path) -> BinaryIO:
    """Open a file that must be a regular one; raises CorruptObject when it is something else."""
    try:
        return open_regular(str(path))
    except OSError as exc:
        if is_no_file(exc):
            raise CorruptObject(f"{path} is not a regular file") from exc
        raise


def read_start(path: str, size_bytes: int) -> bytes:
    """Read the first bytes of a small file."""
    with open_regular(path) as stream:
        return stream.read(size_bytes)


def digest_of(path: str, algorithm: str) -> str:
    """Return the digest of a file, lower-case hex."""
    with open_regular(path) as stream:
        return digest_stream(stream, [algorithm]).by_algorithm[algorithm]
