"""What lies in a storage root: objects where the layout puts them, and all else that is there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from urllib.parse import unquote

from muniment.information.identifiers import ObjectId, parse_object_id, urn
from muniment.information.ocfl import INVENTORY, parse_version_name
from muniment.runtime.errors import InvalidArgument
from muniment.storage.adapters.local.places import Places
from muniment.storage.names import shown
from muniment.storage.types import OWN_PREFIXES

_NOBODYS = ObjectId("")
_UUID_PREFIX = urn("")
_DECLARED = "0=ocfl_object_"
# OCFL 1.1 §4: the declaration, the specification itself, the layout.
_OF_THE_ROOT = ("0=ocfl_", "ocfl_1.", "ocfl_layout.json")


class Kind(Enum):
    """What a folder or file of the root is."""

    OBJECT = auto()
    FOREIGN = auto()
    STRAY = auto()
    UNREADABLE = auto()


@dataclass(frozen=True, slots=True)
class Found:
    """One thing in the root. Of an object: whose it is, and its newest version by folder names.

    Of all else: the reason why it is none of ours.
    """

    path: Path
    kind: Kind
    object_id: ObjectId = _NOBODYS
    newest: int = 0
    reason: str = ""

    @property
    def is_folder_of_an_object(self) -> bool:
        """Say whether an OCFL object lies here, ours or not."""
        return self.kind in {Kind.OBJECT, Kind.FOREIGN}


def survey(places: Places) -> Iterator[Found]:
    """Walk the root in a stable order, not into objects; reads no file.

    An object that lost its declaration or its inventory is one by the name of its folder.
    """
    return _survey(places, places.root)


def _survey(places: Places, folder: Path) -> Iterator[Found]:
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as exc:
        yield Found(folder, Kind.UNREADABLE, reason=f"cannot be listed: {exc.strerror}")
        return
    object_id = object_id_of(folder.name)
    if object_id is not None or _is_object(listed):
        yield _object(places, folder, object_id, listed)
        return
    is_root = folder == places.root
    yield from _strays(folder, listed, is_root=is_root)
    for entry in listed:
        if entry.is_dir(follow_symlinks=False) and not (is_root and entry.name == "extensions"):
            yield from _survey(places, folder / entry.name)


def _is_object(listed: Sequence[os.DirEntry[str]]) -> bool:
    return any(each.name == INVENTORY or each.name.startswith(_DECLARED) for each in listed)


def _object(
    places: Places, folder: Path, object_id: ObjectId | None, listed: Sequence[os.DirEntry[str]]
) -> Found:
    if object_id is None:
        return Found(folder, Kind.FOREIGN, reason="an object that is not of this archive")
    if folder != places.object_folder(object_id):
        return Found(folder, Kind.FOREIGN, reason=f"{object_id} belongs elsewhere by the layout")
    versions = (parse_version_name(each.name) for each in listed)
    newest = max((parsed[0] for parsed in versions if parsed), default=0)
    return Found(folder, Kind.OBJECT, object_id, newest)


def _strays(folder: Path, listed: Sequence[os.DirEntry[str]], *, is_root: bool) -> Iterator[Found]:
    files = [each.name for each in listed if not each.is_dir(follow_symlinks=False)]
    if is_root:
        for name in files:
            if not name.startswith(_OF_THE_ROOT):
                yield Found(folder / name, Kind.STRAY, reason="a file outside of any object")
    elif files:
        said = f"no object, and holds files: {len(files)}, the first is {shown(files[0])!r}"
        yield Found(folder, Kind.STRAY, reason=said)


def object_id_of(name: str) -> ObjectId | None:
    """Return whose folder has this name (layout 0003); None for an object that is not ours."""
    identifier = unquote(name)
    if identifier.startswith(OWN_PREFIXES):
        return ObjectId(identifier)
    if not identifier.startswith(_UUID_PREFIX):
        return None
    try:
        object_id = parse_object_id(identifier)
    except InvalidArgument:
        return None
    return object_id if urn(object_id) == identifier else None
