"""Writing the files of one representation in one version: new rows, ended rows, rows that stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from muniment.catalogue.indexing.file_rows import COLUMNS, DESCRIBED, FileRow
from muniment.catalogue.indexing.folders import FolderCounts, folder_of
from muniment.catalogue.models import File
from muniment.catalogue.models.folder import folder_key
from muniment.catalogue.ports import BulkWriter

_FOLDERS = 1000  # keys remembered: files of a folder come together
_BATCH = 900  # parameters that SQLite takes in one statement
_SIZE = DESCRIBED.index("size_bytes")
_PATH = DESCRIBED.index("path")
# PUID, name and version stand side by side.
_FORMAT = slice(DESCRIBED.index("puid"), DESCRIBED.index("format_version") + 1)


@dataclass(slots=True)
class FileTotals:
    """What a representation has in a version: files and bytes, by folder and by format."""

    file_count: int = 0
    size_bytes: int = 0
    folders: FolderCounts = field(default_factory=FolderCounts)
    formats: Counter[tuple[str, str, str]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class FileWriter:
    """Writes files of the representation `name`. `has_rows`: an earlier version left some."""

    entity_id: int
    representation_id: int
    name: str
    version: int
    has_rows: bool
    writer: BulkWriter

    def write(self, rows: Iterable[FileRow]) -> FileTotals:
        """Write the rows of this version; memory: its folders, and the keys of rows that stay."""
        totals = FileTotals()
        counted = _counted(rows, totals)
        if self.has_rows:
            self._merge(counted)
        else:
            self._insert(counted)
        return totals

    def _insert(self, rows: Iterable[FileRow]) -> None:
        head = (self.entity_id, self.representation_id, self.version)
        key = lru_cache(_FOLDERS)(lambda folder: folder_key(self.name, folder))
        self.writer.write(
            File, COLUMNS, ((*head, key(folder_of(row[_PATH])), *row) for row in rows)
        )

    def _merge(self, rows: Iterator[FileRow]) -> None:
        """Keep rows that say the same, end those that say something else or are gone."""
        staying: set[int] = set()
        while batch := list(islice(rows, _BATCH)):
            known = self._known(batch)
            changed = []
            for row in batch:
                key, kept = known.get(row[0], (0, None))
                if kept == row:
                    staying.add(key)
                else:
                    changed.append(row)
            self._end([known[row[0]][0] for row in changed if row[0] in known])
            self._insert(changed)
        self._end_missing(staying)

    def _known(self, batch: list[FileRow]) -> dict[str, tuple[int, FileRow]]:
        rows = File.objects.current().filter(
            representation_id=self.representation_id, file_id__in=[row[0] for row in batch]
        )
        return {
            str(row[1]): (row[0], _plain(row[1:])) for row in rows.values_list("pk", *DESCRIBED)
        }

    def _end(self, keys: list[int]) -> None:
        for start in range(0, len(keys), _BATCH):
            File.objects.filter(pk__in=keys[start : start + _BATCH]).update(
                last_version=self.version - 1
            )

    def _end_missing(self, staying: set[int]) -> None:
        before = File.objects.current().filter(
            entity_id=self.entity_id,
            representation_id=self.representation_id,
            first_version__lt=self.version,
        )
        keys = before.values_list("pk", flat=True).iterator(chunk_size=10_000)
        self._end([key for key in keys if key not in staying])


def _counted(rows: Iterable[FileRow], totals: FileTotals) -> Iterator[FileRow]:
    for row in rows:
        totals.file_count += 1
        totals.size_bytes += row[_SIZE]
        totals.folders.add(row[_PATH], row[_SIZE])
        totals.formats[row[_FORMAT]] += 1
        yield row


def _plain(values: FileRow) -> FileRow:
    """Bring what the database gave into the form of `file_row`."""
    return tuple(
        bytes(value) if isinstance(value, memoryview) else str(value) if place == 0 else value
        for place, value in enumerate(values)
    )
