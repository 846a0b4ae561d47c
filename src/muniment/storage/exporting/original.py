"""Building the producer's package again, byte for byte (orchestration §2.4, R10)."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.information.aip.layout import PREMIS, representation_folder
from muniment.information.aip.received import ReceivedPaths, original_bytes
from muniment.information.paths import decode_name
from muniment.information.premis import File, Representation, read_premis
from muniment.runtime.errors import ObjectMissing
from muniment.storage.exporting.sinks import BytesFolderSink

if TYPE_CHECKING:
    from muniment.storage.exporting.export import VerifiedFiles

_EMPTY_FOLDER = "empty folder"


def write_original(source: VerifiedFiles, place: Path) -> None:
    """Write what the producer sent, under its original names, empty folders made again.

    Holds in memory the names that had to be shortened, and the names of empty folders.
    """
    received = ReceivedPaths(lambda path: _has(source, path))
    names, folders = _remembered(source)
    sink = BytesFolderSink(place)
    for logical_path in source.paths():
        path = received.of(logical_path)
        if path is not None:
            target = original_bytes(path, names.get(logical_path, ""))
            sink.write(target, source.blocks(logical_path))
    for folder in folders:
        sink.make_folder(decode_name(folder))


def _has(source: VerifiedFiles, path: str) -> bool:
    try:
        source.version.lookup(path)
    except ObjectMissing:
        return False
    return True


def _remembered(source: VerifiedFiles) -> tuple[dict[str, str], list[str]]:
    """Read the PREMIS of each representation: original names by logical path, empty folders."""
    names: dict[str, str] = {}
    folders: list[str] = []
    for name in sorted({_representation(path) for path in source.paths()} - {""}):
        folder = representation_folder(name)
        document = folder + PREMIS
        if not _has(source, document):
            continue
        with closing(source.open(document)) as stream:
            for unit in read_premis(stream, document=document):
                if isinstance(unit, File) and unit.original_name:
                    names[folder + unit.location] = unit.original_name
                elif isinstance(unit, Representation):
                    said = unit.significant_properties
                    folders += [value for kind, value in said if kind == _EMPTY_FOLDER]
    return names, folders


def _representation(logical_path: str) -> str:
    match logical_path.split("/", 2):
        case ["representations", name, _]:
            return name
    return ""
