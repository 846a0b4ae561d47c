"""Opens what must be a regular file: a pipe would keep us waiting, a link would lead us away."""

from __future__ import annotations

import errno
import os
import stat
from typing import BinaryIO

from muniment.runtime.digests import digest_stream


def open_regular(path: str) -> BinaryIO:
    """Open a file for reading; raises OSError for anything that is not a regular file itself."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file", path)
    return os.fdopen(descriptor, "rb")


def read_start(path: str, size_bytes: int) -> bytes:
    """Read the first bytes of a small file."""
    with open_regular(path) as stream:
        return stream.read(size_bytes)


def digest_of(path: str, algorithm: str) -> str:
    """Return the digest of a file, lower-case hex."""
    with open_regular(path) as stream:
        return digest_stream(stream, [algorithm]).by_algorithm[algorithm]
