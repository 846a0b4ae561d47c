"""Reads and checks one inventory file and its sidecar."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Protocol

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.events import MALFORMED, json_events
from muniment.information.ocfl.parsing import InventoryParser
from muniment.information.ocfl.sidecar import parse_sidecar, sidecar_name
from muniment.information.ocfl.types import CONTENT_ALGORITHMS, INVENTORY
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.header import check_header
from muniment.information.ocfl.validation.listing import shown_name
from muniment.information.ocfl.validation.log import FindingLog
from muniment.information.ocfl.validation.manifest_checks import check_fixity, check_manifest
from muniment.information.ocfl.validation.sequence import check_sequence
from muniment.information.ocfl.validation.state_checks import check_states
from muniment.information.ocfl.validation.version_blocks import check_version_blocks

_SIDECAR_BYTES = 4096


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


class _HashingReader:
    def __init__(self, stream: BinaryIO, hashes: Mapping[str, _Hash]) -> None:
        self._stream = stream
        self._hashes = hashes

    def read(self, size: int = -1, /) -> bytes:
        block = self._stream.read(size)
        for each in self._hashes.values():
            each.update(block)
        return block


def check_inventory(
    folder: Path,
    at: str,
    database: InventoryDatabase,
    log: FindingLog,
    *,
    declared: str | None = None,
) -> InventoryFacts | None:
    """Check `inventory.json` in `folder`, which lies at `at` in the object; rows go to `database`.

    None when it cannot be read as a JSON object; the findings say why.
    """
    path = at + INVENTORY
    hashes = {
        name: hashlib.new(name)
        for name in CONTENT_ALGORITHMS
        if (folder / sidecar_name(name)).exists()
    }
    facts = _parse(folder / INVENTORY, path, database, log, hashes)
    if facts is None:
        return None
    check_header(facts, log, declared=declared)
    check_sequence(facts, log)
    check_version_blocks(facts, log)
    _check_blocks(database, facts, log)
    known = hashes.get(facts.algorithm)
    check_sidecar(folder, at, facts.algorithm, log, known.hexdigest() if known else None)
    return facts


def _parse(
    file: Path,
    path: str,
    database: InventoryDatabase,
    log: FindingLog,
    hashes: Mapping[str, _Hash],
) -> InventoryFacts | None:
    def report(code: str, pointer: str, detail: str = "") -> None:
        log.add(code, path, detail or pointer, pointer=pointer)

    parser = InventoryParser(database, report)
    try:
        with file.open("rb") as stream:
            reader = _HashingReader(stream, hashes)
            raw = parser.parse(json_events(reader))
    except MALFORMED as exc:
        log.add("E033", path, " ".join(str(exc).split()) or type(exc).__name__)
        return None
    except OSError as exc:
        log.add("UNREADABLE", path, exc.strerror or str(exc))
        return None
    if not raw.is_object:
        return None
    return InventoryFacts(path, raw, spec=log.spec)


def _check_blocks(database: InventoryDatabase, facts: InventoryFacts, log: FindingLog) -> None:
    told = facts.raw.seen
    if "manifest" not in told:
        log.add("E041", facts.path, "manifest is missing", pointer="/manifest")
    if "versions" not in told:
        log.add("E043", facts.path, "versions is missing", pointer="/versions")
    if "manifest" in facts.raw.blocks:
        check_manifest(database, facts, log)
    check_states(database, facts, log)
    check_fixity(database, facts, log)


def check_sidecar(
    folder: Path, at: str, algorithm: str, log: FindingLog, actual: str | None = None
) -> None:
    """Check the sidecar of the inventory in `folder`; `actual` is its digest where it is known."""
    name = sidecar_name(algorithm)
    if "/" in name or "\0" in name:
        return  # E025 was told of such an algorithm
    try:
        content = _read(folder / name)
        if content is None:
            _tell_missing(folder, at, name, log)
            return
        recorded = parse_sidecar(content)
        if recorded is None:
            log.add("E061", at + name, repr(content[:80]))
        elif algorithm in CONTENT_ALGORITHMS:
            _compare(at, recorded, actual or _digest(folder, algorithm), log)
    except OSError as exc:
        log.add("UNREADABLE", at + name, exc.strerror or str(exc))


def _compare(at: str, recorded: str, actual: str, log: FindingLog) -> None:
    if actual != recorded:
        log.add("E060", at + INVENTORY, expected=recorded, found=actual)


def _tell_missing(folder: Path, at: str, name: str, log: FindingLog) -> None:
    others = sorted(each.name for each in folder.glob(f"{INVENTORY}.*"))
    if others:
        log.add("E059", at + shown_name(others[0]), expected=name)
    else:
        log.add("E058", at + name)


def _digest(folder: Path, algorithm: str) -> str:
    with (folder / INVENTORY).open("rb") as stream:
        return hashlib.file_digest(stream, algorithm).hexdigest()


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as stream:
            return stream.read(_SIDECAR_BYTES)
    except FileNotFoundError:
        return None
