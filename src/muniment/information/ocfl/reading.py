"""The strict reader: an inventory that storage relies on."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import BinaryIO, NoReturn

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.date_time import parse_date_time
from muniment.information.ocfl.events import (
    MALFORMED,
    BeyondLimits,
    Readable,
    json_events,
    keys,
    skip_value,
)
from muniment.information.ocfl.index import InventoryIndex
from muniment.information.ocfl.names import parse_version_name
from muniment.information.ocfl.parsing import InventoryParser, RawInventory, RawVersion
from muniment.information.ocfl.regular_file import open_strictly
from muniment.information.ocfl.sidecar import read_sidecar
from muniment.information.ocfl.types import (
    CONTENT_ALGORITHMS,
    DEFAULT_CONTENT_DIRECTORY,
    INVENTORY,
    SPEC_VERSIONS,
    InventoryHeader,
    VersionRecord,
    inventory_type,
)
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import CorruptObject, FixityMismatch, ObjectMissing

_TYPES = {inventory_type(spec): spec for spec in SPEC_VERSIONS}


class _Hashing:
    """Hands bytes on and digests them with every algorithm that an inventory may name."""

    def __init__(self, stream: BinaryIO, algorithms: tuple[str, ...]) -> None:
        self._stream = stream
        self._hashes = {name: hashlib.new(name) for name in algorithms}

    def read(self, size: int = -1, /) -> bytes:
        block = self._stream.read(size)
        for each in self._hashes.values():
            each.update(block)
        return block

    def digest(self, algorithm: str) -> str:
        return self._hashes[algorithm].hexdigest()


def read_inventory(stream: Readable) -> InventoryIndex:
    """Read an inventory as a stream; digests are folded to lower case.

    Some 100,000 files a second, a few MiB of memory for any number of them.
    Raises CorruptObject when it is not an inventory of OCFL 1.0 or 1.1.
    """
    database = InventoryDatabase()
    try:
        parser = InventoryParser(database, _refuse, str.lower)
        raw = _parse(parser, stream)
        return InventoryIndex(_header(raw), database=database, versions=_versions(raw, database))
    except BaseException:
        database.close()
        raise


def load_inventory(folder: Path, *, verify: bool = True) -> InventoryIndex:
    """Read `inventory.json` of an object root or version directory, and check its sidecar.

    Raises ObjectMissing when there is no such folder, CorruptObject, FixityMismatch when the
    sidecar disagrees, StorageUnavailable.
    """
    path = folder / INVENTORY
    if not path.exists():
        raise CorruptObject(f"{path} is missing") if folder.exists() else ObjectMissing(str(folder))
    with storage_errors(str(path)), open_strictly(path) as file:
        stream = _Hashing(file, CONTENT_ALGORITHMS)
        index = read_inventory(stream)
        index.digest = stream.digest(index.header.digest_algorithm)
    if verify:
        try:
            _verify(folder, index)
        except BaseException:
            index.close()
            raise
    return index


def _verify(folder: Path, index: InventoryIndex) -> None:
    recorded = read_sidecar(folder, index.header.digest_algorithm)
    if recorded != index.digest:
        raise FixityMismatch(
            f"{folder / INVENTORY} has the digest {index.digest}, its sidecar says {recorded}"
        )


def read_head(stream: Readable) -> int:
    """Return the number of the newest version, reading no further than its key.

    Raises CorruptObject when there is no such key or it names no version.
    """
    events = json_events(stream)
    try:
        if next(events)[0] == "start_map":
            for key in keys(events):
                event, value = next(events)
                if key == "head":
                    return _number(str(value))
                skip_value(events, event)
    except (*MALFORMED, StopIteration) as exc:
        raise CorruptObject(f"the inventory is not JSON: {exc}") from exc
    raise CorruptObject("the inventory has no head")


def _parse(parser: InventoryParser, stream: Readable) -> RawInventory:
    try:
        return parser.parse(json_events(stream))
    except BeyondLimits as exc:
        raise CorruptObject(f"the inventory is beyond our limits: {exc}") from exc
    except MALFORMED as exc:
        raise CorruptObject(f"the inventory is not JSON: {exc}") from exc


def _refuse(code: str, pointer: str, detail: str = "") -> NoReturn:
    raise CorruptObject(f"the inventory breaks rule {code} at {pointer or '/'}: {detail}")


def _header(raw: RawInventory) -> InventoryHeader:
    for block in ("manifest", "versions"):
        if block not in raw.blocks:
            _refuse("E041", f"/{block}", "missing")
    algorithm = _text(raw, "digestAlgorithm")
    if algorithm not in CONTENT_ALGORITHMS:
        _refuse("E025", "/digestAlgorithm", algorithm)
    spec = _TYPES.get(_text(raw, "type"))
    if spec is None:
        _refuse("E038", "/type", _text(raw, "type"))
    folder = raw.members.get("contentDirectory", DEFAULT_CONTENT_DIRECTORY)
    if not isinstance(folder, str) or "/" in folder or folder in {"", ".", ".."}:
        _refuse("E017", "/contentDirectory", str(folder))
    return InventoryHeader(_text(raw, "id"), spec, algorithm, folder)


def _text(raw: RawInventory, key: str) -> str:
    value = raw.members.get(key)
    if not isinstance(value, str) or not value:
        _refuse("E036", f"/{key}", "missing or not a text")
    return value


def _versions(raw: RawInventory, database: InventoryDatabase) -> list[VersionRecord]:
    records = sorted((_record(version) for version in raw.versions), key=lambda each: each.number)
    if [record.number for record in records] != list(range(1, len(records) + 1)):
        _refuse("E010", "/versions", "the numbers have gaps")
    if not records or records[-1].name != _text(raw, "head"):
        _refuse("E040", "/head", "not the newest version")
    by_name = {record.name: record.number for record in records}
    moves = [(by_name[each.name], each.ordinal) for each in raw.versions]
    if any(number != ordinal for number, ordinal in moves):
        # Through negative numbers, so that no version meets another on its way.
        database.executemany("UPDATE state SET version = -? WHERE version = ?", moves)
        database.execute("UPDATE state SET version = -version")
    return records


def _record(version: RawVersion) -> VersionRecord:
    user = version.user or {}
    members = version.members
    created = members.get("created")
    if not isinstance(created, str) or parse_date_time(created) is None:
        _refuse("E049", f"/versions/{version.name}/created", "not a date and time")
    return VersionRecord(
        _number(version.name),
        version.name,
        created,
        _optional(members.get("message")),
        _optional(user.get("name")),
        _optional(user.get("address")),
    )


def _optional(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(name: str) -> int:
    parsed = parse_version_name(name)
    if parsed is None:
        _refuse("E046", "/versions", f"{re.sub('[^ -~]', '?', name)[:40]} is no version name")
    return parsed[0]
