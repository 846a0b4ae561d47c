"""Locks between processes: one `flock` file for each thing, gone when nobody holds it.

The kernel frees them when a process dies, so there is nothing to clean up after `kill -9`.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import Locked

_POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class FileLocks:
    """Locks named by files in `folder`; `wait_s` is the longest wait before Locked is raised."""

    folder: Path
    wait_s: float = 30.0

    @contextmanager
    def exclusive(self, name: str) -> Iterator[None]:
        """Hold the lock alone. Raises Locked, StorageUnavailable."""
        descriptor = self._acquire(name, fcntl.LOCK_EX)
        try:
            yield
        finally:
            # Under the lock, so nobody else can hold this very file; a waiter sees it gone.
            self._path(name).unlink(missing_ok=True)
            os.close(descriptor)

    @contextmanager
    def shared(self, name: str) -> Iterator[None]:
        """Hold the lock together with others who share it. Raises Locked, StorageUnavailable."""
        descriptor = self._acquire(name, fcntl.LOCK_SH)
        try:
            yield
        finally:
            os.close(descriptor)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.lock"

    def _acquire(self, name: str, kind: int) -> int:
        deadline = time.monotonic() + self.wait_s
        path = self._path(name)
        while True:
            with storage_errors(f"the lock {path}"):
                self.folder.mkdir(parents=True, exist_ok=True)
                descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            if _locks(descriptor, kind) and _is_still(path, descriptor):
                return descriptor
            os.close(descriptor)
            if time.monotonic() > deadline:
                raise Locked(f"{name} is in use by another process; it is tried again later")
            time.sleep(_POLL_S)


def _locks(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(path: Path, descriptor: int) -> bool:
    """Say whether the locked file is still the one of that name: a holder removes it at the end."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
