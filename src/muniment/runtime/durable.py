"""Writes that survive power loss: beside, fsync, rename, fsync of the folder."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from muniment.runtime.errors import NoSpace, StorageUnavailable
from muniment.runtime.failpoints import failpoint

_libc = ctypes.CDLL(None, use_errno=True)


@contextmanager
def storage_errors(what: str) -> Iterator[None]:
    """Turn an OSError into NoSpace or StorageUnavailable that names `what`."""
    try:
        yield
    except OSError as exc:
        if exc.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise NoSpace(f"no space left while writing {what}; free some and retry") from exc
        reason = os.strerror(exc.errno) if exc.errno else str(exc)
        raise StorageUnavailable(f"cannot use {what}: {reason}") from exc


def fsync_folder(folder: Path) -> None:
    """Make the entries of a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file_system(path: Path) -> None:
    """Make all that was written to the file system of `path` durable: one call for a whole tree."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        if _libc.syncfs(descriptor) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(path))
    finally:
        os.close(descriptor)


@contextmanager
def write_durably(path: Path) -> Iterator[BinaryIO]:
    """Replace `path` by what is written, or leave it as it was.

    The new file is written beside it, fsynced, renamed over it, and the folder is fsynced.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        failpoint("durable.written")
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    fsync_folder(path.parent)
