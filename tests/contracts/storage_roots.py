"""Every storage root that there is, for its contract."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.information.identifiers import ObjectId
from muniment.storage.adapters.forgetful_disk import ForgetfulDisk
from muniment.storage.adapters.local import open_local_root
from muniment.storage.adapters.local_disk import LocalDisk
from muniment.storage.ports import Disk, StorageRoot, StrPath

OpenRoot = Callable[[Path], StorageRoot]


class UnlinkableDisk(LocalDisk):
    """A file system without hard links, as many network shares are."""

    def link(self, source: StrPath, target: StrPath) -> None:  # noqa: ARG002  # as the port says
        raise OSError(errno.EPERM, os.strerror(errno.EPERM), str(target))


def _on(disk: Disk, home: Path) -> StorageRoot:
    root = open_local_root(home / "storage", home / "work", disk=disk, lock_wait_s=5)
    root.initialise()
    return root


def local(home: Path) -> StorageRoot:
    return _on(LocalDisk(), home)


def local_without_links(home: Path) -> StorageRoot:
    return _on(UnlinkableDisk(), home)


def forgetful(home: Path) -> StorageRoot:
    return _on(ForgetfulDisk(home), home)


every_root = pytest.mark.parametrize("open_root", [local, local_without_links, forgetful])


def content_paths(root: StorageRoot, object_id: ObjectId) -> list[str]:
    return [file.content_path for file in root.content_files(object_id)]
