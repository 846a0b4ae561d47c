"""Many versions in one folder outside the archive, with a manifest; goes on after a stop.

    manifest.jsonl          a line for each file, and behind those of an object a line for it
    <object id>-v<number>/  one version (a `.zip` where that was asked for)
    .muniment-export/       what is under way; empty between two runs

A version is written and read back in `.muniment-export`, renamed in, and only then listed. What a
stop leaves is put right when the folder is opened again: nothing is written twice, and nothing is
listed that is not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from muniment.information.identifiers import ObjectId
from muniment.information.paths import encode_name
from muniment.runtime.durable import fsync_folder, storage_errors, sync_file_system
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.failpoints import failpoint
from muniment.storage.adapters.file_locks import FileLocks
from muniment.storage.exporting.export import Exported, ExportForm

MANIFEST, UNDER_WAY = "manifest.jsonl", ".muniment-export"


@dataclass(frozen=True, slots=True)
class Shipped:
    """One version in the folder; counts are those of the manifest, as files lie there.

    `event_id` names the PREMIS event that tells of it, "" in a manifest of before there were any.
    """

    object_id: ObjectId
    number: int
    name: str
    file_count: int
    size_bytes: int
    event_id: str = ""


class Consignment:
    """The open folder; `open_consignment` gives it."""

    def __init__(self, folder: Path, listed: dict[str, Shipped]) -> None:
        self._folder = folder
        self._listed = listed

    def holds(self, object_id: ObjectId, number: int, form: ExportForm) -> Shipped | None:
        """Return what is there of this version in this form."""
        return self._listed.get(name_of(object_id, number, form))

    def take(
        self,
        object_id: ObjectId,
        number: int,
        form: ExportForm,
        write: Callable[[Path], Exported],
    ) -> Shipped:
        """Let `write` make the version at a path, list it, and say what it is.

        What is there already is not written again. Raises InvalidArgument when something else has
        its name, NoSpace, StorageUnavailable, and what `write` raises.
        """
        name = name_of(object_id, number, form)
        if name in self._listed:
            return self._listed[name]
        with storage_errors(str(self._folder / name)):
            if os.path.lexists(self._folder / name):
                raise InvalidArgument(
                    f"{self._folder / name} is there already and is not of this export; move it"
                )
            write(self._under_way(name))
            shipped = self._note(object_id, number, name)
            sync_file_system(self._folder)
            failpoint("consign.written")
            self._under_way(name).rename(self._folder / name)
            fsync_folder(self._folder)
            failpoint("consign.renamed")
            _list(self._folder, self._under_way(f"{name}.jsonl"))
        self._listed[name] = shipped
        return shipped

    def _under_way(self, name: str) -> Path:
        return self._folder / UNDER_WAY / name

    def _note(self, object_id: ObjectId, number: int, name: str) -> Shipped:
        """Read back what was written, and write its lines of the manifest beside it."""
        file_count = size_bytes = 0
        with self._under_way(f"{name}.jsonl").open("w", encoding="utf-8") as lines:
            for path, size, digest in _read_back(self._under_way(name)):
                file_count, size_bytes = file_count + 1, size_bytes + size
                where = f"{name}/{path}" if path else name
                _write_line(lines.write, path=where, size_bytes=size, sha512=digest)
            event_id = str(uuid4())
            shipped = Shipped(object_id, number, name, file_count, size_bytes, event_id)
            _write_line(
                lines.write,
                object_id=object_id,
                version=number,
                path=name,
                file_count=file_count,
                size_bytes=size_bytes,
                event_id=event_id,
            )
        return shipped


def name_of(object_id: ObjectId, number: int, form: ExportForm) -> str:
    """Return the name of a version in the folder."""
    return f"{object_id}-v{number}" + (".zip" if form is ExportForm.ZIP else "")


@contextmanager
def open_consignment(folder: Path) -> Iterator[Consignment]:
    """Open or make the folder, and put right what an earlier run left.

    Raises Locked when another run is at it, InvalidArgument when `folder` is a file or its
    manifest is not ours, NoSpace, StorageUnavailable.
    """
    if folder.exists() and not folder.is_dir():
        raise InvalidArgument(f"{folder} is a file; name a folder for several objects")
    with storage_errors(str(folder)):
        (folder / UNDER_WAY).mkdir(parents=True, exist_ok=True)
    with FileLocks(folder / UNDER_WAY, wait_s=0).exclusive("run"):
        with storage_errors(str(folder)):
            listed = _recovered(folder)
        yield Consignment(folder, listed)


def _recovered(folder: Path) -> dict[str, Shipped]:
    """List what was renamed in but not listed, remove what is not whole; return what is listed."""
    manifest = folder / MANIFEST
    listed, whole_bytes = _listed_in(manifest)
    if manifest.exists() and manifest.stat().st_size > whole_bytes:
        os.truncate(manifest, whole_bytes)  # lines of an object whose own line is missing
    for lines in sorted((folder / UNDER_WAY).glob("*.jsonl")):
        noted, _ = _listed_in(lines)
        for name, shipped in noted.items():
            if name not in listed and os.path.lexists(folder / name):
                _list(folder, lines)
                listed[name] = shipped
    for left in (folder / UNDER_WAY).iterdir():
        if left.suffix == ".lock":
            continue
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink()
    return listed


def _listed_in(lines: Path) -> tuple[dict[str, Shipped], int]:
    """Return the objects of a manifest and the bytes up to the end of the last one's line."""
    found: dict[str, Shipped] = {}
    whole_bytes = read_bytes = 0
    if not lines.exists():
        return found, 0
    with lines.open("rb") as stream:
        for line in stream:
            read_bytes += len(line)
            shipped = _shipped(line, lines) if line.endswith(b"\n") else None
            if shipped is not None:
                found[shipped.name] = shipped
                whole_bytes = read_bytes
    return found, whole_bytes


def _shipped(line: bytes, place: Path) -> Shipped | None:
    """Read the line of an object; None for the line of a file.

    Strict, since what follows the last line of an object is cut off: never of another's file.
    """
    try:
        said: dict[str, Any] = json.loads(line)
        if said.keys() == {"path", "size_bytes", "sha512"}:
            return None
        return Shipped(
            ObjectId(said["object_id"]),
            said["version"],
            said["path"],
            said["file_count"],
            said["size_bytes"],
            str(said.get("event_id", "")),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        raise InvalidArgument(
            f"{place} is no manifest of an export; name another folder, or move it away"
        ) from exc


def _list(folder: Path, lines: Path) -> None:
    """Append noted lines to the manifest, durably, and forget the note."""
    with lines.open("rb") as noted, (folder / MANIFEST).open("ab") as manifest:
        shutil.copyfileobj(noted, manifest)
        manifest.flush()
        os.fsync(manifest.fileno())
    failpoint("consign.listed")
    fsync_folder(folder)
    lines.unlink()


def _read_back(place: Path) -> Iterator[tuple[str, int, str]]:
    """Give path, size and SHA-512 of each file below `place`, by path; of a file, "" as its path.

    Paths are written by the rules of our packages: any bytes can stand in them.
    """
    if not place.is_dir():
        yield "", *_size_and_digest(os.fsencode(place))
        return
    top = os.fsencode(place)
    for folder, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)  # noqa: PTH118  # bytes
            yield encode_name(os.path.relpath(path, top)), *_size_and_digest(path)


def _size_and_digest(path: bytes) -> tuple[int, str]:
    with open(path, "rb") as stream:  # noqa: PTH123  # bytes
        digest = hashlib.file_digest(stream, "sha512").hexdigest()
        return os.fstat(stream.fileno()).st_size, digest


def _write_line(write: Callable[[str], object], **members: object) -> None:
    write(json.dumps(members, ensure_ascii=False) + "\n")
