"""A disk that can lose its power: the twin that proves durability, not only order (STYLE §2.9).

It works on real files below one folder and remembers what was made durable. `lose_power` puts
the folder back to that: bytes never fsynced are gone (the file is empty or as last synced), and
so is each rename, link, removal and new name in a folder that was not fsynced since.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from muniment.storage.adapters.local_disk import LocalDisk
from muniment.storage.ports import StrPath


class PowerLost(BaseException):
    """The disk is off. Not an Exception, so that no handler of ours can carry on."""


@dataclass
class _Durable:
    """What the platters hold, by inode number."""

    content: dict[int, bytes] = field(default_factory=dict)
    entries: dict[int, dict[str, int]] = field(default_factory=dict)


class ForgetfulDisk:
    """A `Disk` below `root`; it goes off at the operation number `operations_left` reaches 0.

    `operations_left` None = never. What is there at the start counts as durable.
    """

    def __init__(self, root: Path, operations_left: int | None = None) -> None:
        self.root = root
        self.operations_left = operations_left
        self.operations = 0
        self._disk = LocalDisk()
        # Removed files stay here: a freed inode number would be given to another file.
        self._removed = root.with_name(f"{root.name}.removed")
        self._removed.mkdir(exist_ok=True)
        self._durable = _Durable()
        self._remember_tree(root)

    def _step(self) -> None:
        if self.operations_left is not None:
            if self.operations_left == 0:
                raise PowerLost
            self.operations_left -= 1
        self.operations += 1

    def make_folder(self, path: StrPath) -> None:
        for folder in [*reversed(Path(path).parents), Path(path)]:
            if not folder.is_dir():
                self._step()
                folder.mkdir()

    def write(self, path: Path, content: bytes) -> None:
        self._step()
        self._disk.write(path, content)

    @contextmanager
    def create(self, path: StrPath) -> Iterator[BinaryIO]:
        self._step()
        with self._disk.create(path) as stream:
            yield stream

    def append(self, path: Path, content: bytes) -> None:
        self._step()
        self._disk.append(path, content)

    def truncate(self, path: Path, size_bytes: int) -> None:
        self._step()
        self._disk.truncate(path, size_bytes)

    def link(self, source: StrPath, target: StrPath) -> None:
        self._step()
        self._disk.link(source, target)

    def copy(self, source: StrPath, target: StrPath) -> None:
        self._step()
        self._disk.copy(source, target)

    def protect(self, path: StrPath) -> None:
        self._step()
        self._disk.protect(path)

    def rename(self, source: Path, target: Path) -> None:
        self._step()
        if target.is_file():
            (self._removed / uuid4().hex).hardlink_to(target)
        self._disk.rename(source, target)

    def remove(self, path: Path) -> None:
        self._step()
        self._disk.rename(path, self._removed / uuid4().hex)

    def remove_folder(self, path: Path) -> None:
        self._step()
        if any(path.iterdir()):
            path.rmdir()  # raises as the operating system does
        self._disk.rename(path, self._removed / uuid4().hex)

    def fsync(self, path: Path) -> None:
        self._step()
        self._durable.content[path.stat().st_ino] = path.read_bytes()

    def fsync_folder(self, path: Path) -> None:
        self._step()
        self._durable.entries[path.stat().st_ino] = {
            entry.name: entry.lstat().st_ino for entry in path.iterdir()
        }

    def sync_all(self, path: Path) -> None:  # noqa: ARG002  # there is one file system
        self._step()
        self._remember_tree(self.root)

    def free_bytes(self, path: Path) -> int:
        return self._disk.free_bytes(path)

    def _remember_tree(self, folder: Path) -> None:
        """Take a folder and everything in it as durable."""
        names: dict[str, int] = {}
        for entry in folder.iterdir():
            status = entry.lstat()
            names[entry.name] = status.st_ino
            if stat.S_ISDIR(status.st_mode):
                self._remember_tree(entry)
            elif stat.S_ISREG(status.st_mode):
                self._durable.content[status.st_ino] = entry.read_bytes()
        self._durable.entries[folder.stat().st_ino] = names

    def lose_power(self, keeps: Callable[[], bool] = lambda: False) -> None:
        """Put the folder back to what was durable, and switch on again.

        `keeps` is asked for each change that was not synced: true = the disk had written it all the
        same, in whatever order. By default it had written none.
        """
        top = self.root.stat().st_ino
        kept = self._durable
        self._durable = _Durable()
        self._remember_tree(self.root)
        kept = _mixed(kept, self._durable, keeps)
        for entry in [*self.root.iterdir(), *self._removed.iterdir()]:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        self._restore(self.root, top, kept)
        self._durable = _Durable()
        self._remember_tree(self.root)
        self.operations_left = None

    def _restore(self, folder: Path, inode: int, durable: _Durable) -> None:
        for name, child in durable.entries.get(inode, {}).items():
            if child in durable.entries:
                (folder / name).mkdir()
                self._restore(folder / name, child, durable)
            else:
                (folder / name).write_bytes(durable.content.get(child, b""))


def _mixed(durable: _Durable, live: _Durable, keeps: Callable[[], bool]) -> _Durable:
    """Choose for each difference between the platters and the cache which of the two is left."""
    mixed = _Durable({**live.content, **durable.content}, {**live.entries, **durable.entries})
    for inode, content in live.content.items():
        if content != durable.content.get(inode, b"") and keeps():
            mixed.content[inode] = content
        else:
            mixed.content[inode] = durable.content.get(inode, b"")
    for inode, names in live.entries.items():
        before = durable.entries.get(inode, {})
        chosen: dict[str, int] = {}
        for name in sorted({*before, *names}):
            old, new = before.get(name), names.get(name)
            child = new if old != new and keeps() else old
            if child is not None:
                chosen[name] = child
        mixed.entries[inode] = chosen
    return mixed
