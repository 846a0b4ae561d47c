"""A target that appears whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from muniment.runtime.errors import InvalidArgument
from muniment.runtime.failpoints import failpoint


@contextmanager
def new_place(target: Path, *, overwrite: bool) -> Iterator[Path]:
    """Give a path beside the target to write to; it becomes the target when the block ends.

    An error removes it. Raises InvalidArgument when the target is there and may not be replaced.
    """
    if not overwrite and _is_there(target):
        raise InvalidArgument(f"{target} is there already; name another place, or say --overwrite")
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name[:100]}.{uuid4().hex}.part")
    try:
        yield beside
        failpoint("export.written")
        _put(beside, target)
    except BaseException:
        _remove(beside)
        raise


def _put(beside: Path, target: Path) -> None:
    if not _is_there(target):
        beside.rename(target)
        return
    old = beside.with_suffix(".old")
    target.rename(old)
    failpoint("export.old_moved")
    beside.rename(target)
    _remove(old)


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
