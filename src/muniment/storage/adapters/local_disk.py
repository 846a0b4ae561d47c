"""The disk of the host."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from muniment.runtime.digest_algorithms import BLOCK_BYTES
from muniment.runtime.durable import fsync_folder, sync_file_system
from muniment.storage.ports import StrPath

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
_READ_ONLY = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


class LocalDisk:
    """Calls the operating system; holds no state."""

    def make_folder(self, path: StrPath) -> None:
        os.makedirs(path, exist_ok=True)  # noqa: PTH103  # see StrPath

    def write(self, path: Path, content: bytes) -> None:
        with self.create(path) as stream:
            stream.write(content)

    @contextmanager
    def create(self, path: StrPath) -> Iterator[BinaryIO]:
        with os.fdopen(os.open(path, _NEW, 0o644), "wb", buffering=BLOCK_BYTES) as stream:
            yield stream

    def append(self, path: Path, content: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        with os.fdopen(os.open(path, flags, 0o644), "ab") as stream:
            stream.write(content)

    def truncate(self, path: Path, size_bytes: int) -> None:
        os.truncate(path, size_bytes)

    def link(self, source: StrPath, target: StrPath) -> None:
        os.link(source, target, follow_symlinks=False)

    def copy(self, source: StrPath, target: StrPath) -> None:
        # Not blocking: a FIFO would wait for a writer before it could be refused.
        descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as reader:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(source))
            with self.create(target) as writer:
                shutil.copyfileobj(reader, writer, BLOCK_BYTES)

    def protect(self, path: StrPath) -> None:
        os.chmod(path, _READ_ONLY)  # noqa: PTH101  # see StrPath

    def rename(self, source: Path, target: Path) -> None:
        source.rename(target)

    def remove(self, path: Path) -> None:
        path.unlink()

    def remove_folder(self, path: Path) -> None:
        path.rmdir()

    def fsync(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def fsync_folder(self, path: Path) -> None:
        fsync_folder(path)

    def sync_all(self, path: Path) -> None:
        sync_file_system(path)

    def free_bytes(self, path: Path) -> int:
        usage = os.statvfs(path)
        return usage.f_bavail * usage.f_frsize
