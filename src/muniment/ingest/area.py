"""The work area of one submission: a folder whose files are what its steps leave to each other.

Everything in it can be made again by running the steps again; it goes when the submission ends.
Lists have one JSON document a line, all in the order of the listing, so that steps walk them side
by side and no step holds a list in memory.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import orjson

from muniment.information.listing import ListedFile, read_listing
from muniment.runtime.durable import storage_errors
from muniment.runtime.home import ArchiveHome

Row = TypeVar("Row")
_BUFFER_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class WorkArea:
    """Names the places in the work area of one submission."""

    path: Path

    @classmethod
    def of(cls, home: ArchiveHome, submission_id: str) -> WorkArea:
        """Return the area of a submission; makes nothing."""
        return cls(home.work / "submissions" / submission_id)

    @property
    def package(self) -> Path:
        """The unpacked package, with safe names."""
        return self.path / "package"

    @property
    def listing(self) -> Path:
        return self.path / "listing.jsonl"

    @property
    def fetched(self) -> Path:
        """The listing of what fetch.txt named and we got: continues that of what came."""
        return self.path / "fetched.jsonl"

    def files(self) -> Iterator[ListedFile]:
        """Yield the files of the package as far as they are known, always in the same order."""
        for listing in (self.listing, self.fetched):
            if listing.exists():
                yield from read_listing(listing)

    @property
    def identification(self) -> Path:
        return self.path / "identification.jsonl"

    @property
    def examination(self) -> Path:
        return self.path / "examination.jsonl"

    @property
    def findings(self) -> Path:
        """Folder of the findings of each step, `<step>.jsonl`."""
        return self.path / "findings"

    @property
    def aip(self) -> Path:
        """METS, PREMIS and the other files that we write for the version."""
        return self.path / "aip"

    @property
    def staged(self) -> Path:
        """The list of all files of the version to be sealed."""
        return self.path / "staged.jsonl"

    def make(self, *, boot: str) -> None:
        """Make the folder, and those of the lists in it.

        What another boot of the machine left is removed: it was never synced, so a power cut may
        have taken any of it.
        """
        mark = self.path / ".boot"
        with storage_errors(str(self.path)):
            if mark.exists() and mark.read_bytes() == boot.encode():
                return
            self.remove()
            self.findings.mkdir(parents=True, exist_ok=True)
            mark.write_bytes(boot.encode())

    def remove(self) -> None:
        """Remove all of it; that is no loss once the submission ended."""
        shutil.rmtree(self.path, ignore_errors=True)

    def write_document(self, name: str, document: Mapping[str, Any]) -> None:
        """Write `<name>.json` at once or not at all."""
        with storage_errors(str(self.path / name)):
            beside = self.path / f".{name}.json"
            beside.write_bytes(orjson.dumps(document))
            beside.replace(self.path / f"{name}.json")

    def read_document(self, name: str) -> dict[str, Any]:
        """Read `<name>.json`; an empty one when no step wrote it."""
        file = self.path / f"{name}.json"
        if not file.exists():
            return {}
        document: dict[str, Any] = orjson.loads(file.read_bytes())
        return document


def write_rows(file: Path, rows: Iterable[object]) -> int:
    """Write one JSON document a line, at once or not at all; return their number."""
    count = 0
    beside = file.with_name(f".{file.name}")
    with storage_errors(str(file)), beside.open("wb", buffering=_BUFFER_BYTES) as stream:
        for row in rows:
            stream.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            count += 1
    beside.replace(file)
    return count


def read_rows(file: Path, parse: Callable[[Any], Row]) -> Iterator[Row]:
    """Read what `write_rows` wrote; nothing when no step wrote it."""
    if not file.exists():
        return
    with file.open("rb", buffering=_BUFFER_BYTES) as stream:
        for line in stream:
            yield parse(orjson.loads(line))
