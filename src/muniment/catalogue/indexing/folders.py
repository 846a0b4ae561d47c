"""The folders of a representation, counted while its files are written."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.catalogue.models import Folder, Representation
from muniment.catalogue.models.folder import TOP, folder_key
from muniment.catalogue.ports import BulkWriter

_COLUMNS = (
    "entity_id", "representation_id", "key", "parent", "name", "file_count", "size_bytes",
)  # fmt: skip


def folder_of(path: str) -> str:
    """Return the folder of a path, "" for the top."""
    return path.rpartition("/")[0]


class FolderCounts:
    """Files and bytes of each folder, at any depth. Memory grows with the folders, not the files.

    What lies in a folder itself is added first, and to those above it once at the end.
    """

    def __init__(self) -> None:
        self._direct: dict[str, tuple[int, int]] = {}

    def add(self, path: str, size_bytes: int) -> None:
        """Count one file."""
        folder = folder_of(path)
        files, size = self._direct.get(folder, (0, 0))
        self._direct[folder] = (files + 1, size + size_bytes)

    def totals(self) -> dict[str, tuple[int, int]]:
        """Return files and bytes at any depth by folder, the top ("") among them."""
        found: dict[str, tuple[int, int]] = {}
        for folder, (files, size) in self._direct.items():
            for each in _upwards(folder):
                before = found.get(each, (0, 0))
                found[each] = (before[0] + files, before[1] + size)
        return found


def _upwards(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = folder_of(folder)
    yield ""


def write_folders(representation: Representation, counts: FolderCounts, writer: BulkWriter) -> None:
    """Replace the folders of a representation. Two statements."""
    forget_folders(representation)
    rows = folder_rows(representation.entity_id, representation.pk, representation.name, counts)
    writer.write(Folder, _COLUMNS, (tuple(row.values()) for row in rows))


def folder_rows(
    entity_id: int, representation_id: int, name: str, counts: FolderCounts
) -> Iterator[dict[str, object]]:
    """Give the rows of the folders of the representation `name`, columns as in `_COLUMNS`."""
    for folder, (files, size_bytes) in counts.totals().items():
        yield {
            "entity_id": entity_id,
            "representation_id": representation_id,
            "key": folder_key(name, folder),
            "parent": folder_key(name, folder_of(folder)) if folder else TOP,
            "name": folder.rpartition("/")[2] if folder else name,
            "file_count": files,
            "size_bytes": size_bytes,
        }


def forget_folders(representation: Representation) -> None:
    """Remove the folders of a representation: its files changed, or it is gone."""
    Folder.objects.filter(representation=representation)._raw_delete("default")
