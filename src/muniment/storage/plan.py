"""What a version will hold, worked out before a byte is written (OCFL 1.1 §3.5).

Content is kept once: the same SHA-512 in an earlier version, or twice in this one, has one file.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from muniment.information.ocfl.names import safe_content_path
from muniment.runtime.errors import InvalidArgument
from muniment.storage.types import StagedFile


@dataclass(frozen=True, slots=True)
class NewContent:
    """One content file that the version brings; `path` is relative to the content folder."""

    source: Path
    path: str
    size_bytes: int
    sha512: str


@dataclass(slots=True)
class VersionPlan:
    """The logical state by digest, the new content, and the digests for the fixity block."""

    state: dict[str, list[str]] = field(default_factory=dict)
    new_content: list[NewContent] = field(default_factory=list)
    fixity: dict[str, Mapping[str, str]] = field(default_factory=dict)
    file_count: int = 0
    size_bytes: int = 0

    @property
    def new_bytes(self) -> int:
        return sum(content.size_bytes for content in self.new_content)


def plan_version(files: Iterable[StagedFile], *, known: Container[str]) -> VersionPlan:
    """Plan a version over an object that holds the digests `known` already.

    Raises InvalidArgument for a path that OCFL forbids (1.1 §3.5.3.1: E052, E053, E095), and for
    a file without a source whose bytes the object does not hold.
    """
    plan = VersionPlan()
    paths = _LogicalPaths()
    for file in files:
        paths.add(file.logical_path)
        plan.file_count += 1
        plan.size_bytes += file.size_bytes
        logical_paths = plan.state.setdefault(file.sha512, [])
        logical_paths.append(file.logical_path)
        if file.fixity:
            plan.fixity[file.sha512] = {**plan.fixity.get(file.sha512, {}), **file.fixity}
        if len(logical_paths) > 1 or file.sha512 in known:
            continue
        plan.new_content.append(_new_content(file))
    paths.refuse_conflicts()
    return plan


def _new_content(file: StagedFile) -> NewContent:
    if file.source is None:
        raise InvalidArgument(
            f"{file.logical_path!r} has no source and its bytes ({file.sha512[:16]}…) are in no"
            " earlier version"
        )
    path = safe_content_path(file.logical_path)
    return NewContent(file.source, path, file.size_bytes, file.sha512)


class _LogicalPaths:
    """Refuses what no version state can hold."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def add(self, path: str) -> None:
        if any(part in {"", ".", ".."} for part in path.split("/")) or not _is_utf8(path):
            raise InvalidArgument(f"{path!r} cannot be a logical path (OCFL 1.1 §3.5.3.1)")
        if path in self._files:
            raise InvalidArgument(f"{path!r} is there twice")
        self._files.add(path)
        folder = path.rpartition("/")[0]
        while folder and folder not in self._folders:
            self._folders.add(folder)
            folder = folder.rpartition("/")[0]

    def refuse_conflicts(self) -> None:
        if both := self._files & self._folders:
            raise InvalidArgument(f"{min(both)!r} is a file and a folder at once")


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
