"""The files of the newest version as a tree: one folder at a time, folders before files."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from muniment.catalogue.models import File, Folder, IntellectualEntity, PathKey
from muniment.catalogue.models.folder import TOP, folder_key
from muniment.catalogue.queries.entities import Page
from muniment.catalogue.search import cursor
from muniment.runtime.errors import InvalidArgument, ObjectMissing

_FOLDER, _FILE = "folder", "file"


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A folder or a file (then `file` is its row). `path` begins with the representation's name."""

    path: str
    name: str
    file_count: int
    size_bytes: int
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A page of what lies in a folder. `folder` is None for the top, where representations are."""

    path: str
    folder: Folder | None
    page: Page[TreeEntry]


def open_folder(
    entity: IntellectualEntity, path: str = "", *, limit: int = 100, after: str = ""
) -> Opened:
    """Return a page of a folder, folders first, each by name; `path` as in `TreeEntry`.

    Three queries at most, whatever the size of folder and object. Raises ObjectMissing (no such
    folder in the newest version), InvalidArgument (the cursor).
    """
    path = path.strip("/")
    folder = _folder(entity, path) if path else None
    key = folder.key if folder else TOP
    entries: list[tuple[TreeEntry, str]] = []
    is_behind_folders = _kind_of(after) == _FILE
    if not is_behind_folders:
        entries = _folders(entity, path, key, limit + 1, after)
    if folder is not None and len(entries) <= limit:
        begin = after if is_behind_folders else ""
        entries += _files(entity, path, key, limit + 1 - len(entries), begin)
    shown = tuple(entry for entry, _ in entries[:limit])
    return Opened(path, folder, Page(shown, entries[limit - 1][1] if len(entries) > limit else ""))


def _folder(entity: IntellectualEntity, path: str) -> Folder:
    representation, _, inner = path.partition("/")
    found = Folder.objects.filter(entity=entity, key=folder_key(representation, inner)).first()
    if found is None:
        raise ObjectMissing(f"the newest version of {entity} has no folder {path!r}")
    return found


def _kind_of(after: str) -> str:
    if not after:
        return _FOLDER
    kind = cursor.decode(after, str, str, str)[0]
    if kind not in {_FOLDER, _FILE}:
        raise InvalidArgument(f"{after!r} is no cursor of this list: leave it out")
    return str(kind)


def _folders(
    entity: IntellectualEntity, path: str, parent: int, limit: int, after: str
) -> list[tuple[TreeEntry, str]]:
    rows = Folder.objects.filter(entity=entity, parent=parent).annotate(order=PathKey("name"))
    if after:
        _, name, key = cursor.decode(after, str, str, str)
        if not str(key).isdigit() or len(str(key)) > 19:
            raise InvalidArgument(f"{after!r} is no cursor of this list: leave it out")
        rows = rows.filter(Q(order__gt=name) | Q(order=name, key__gt=int(key)))
    return [
        (
            TreeEntry(_below(path, row.name), row.name, row.file_count, row.size_bytes),
            cursor.encode(_FOLDER, row.name[:200], str(row.key)),
        )
        for row in rows.order_by("order", "key")[:limit]
    ]


def _files(
    entity: IntellectualEntity, path: str, folder: int, limit: int, after: str
) -> list[tuple[TreeEntry, str]]:
    inside = File.objects.current().filter(entity=entity, folder=folder)
    rows = inside.annotate(order=PathKey("path"))
    if after:
        _, key, text = cursor.decode(after, str, str, str)
        try:
            last = UUID(str(text))
        except ValueError as exc:
            raise InvalidArgument(f"{after!r} is no cursor of this list: leave it out") from exc
        rows = rows.filter(Q(order__gt=key) | Q(order=key, file_id__gt=last))
    found = rows.order_by("order", "file_id").select_related("representation")[:limit]
    return [_of_file(path, row) for row in found]


def _of_file(path: str, row: File) -> tuple[TreeEntry, str]:
    name = row.path.rpartition("/")[2]
    entry = TreeEntry(_below(path, name), name, 1, row.size_bytes, row)
    return entry, cursor.encode(_FILE, row.path[:200], str(row.file_id))


def _below(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name
