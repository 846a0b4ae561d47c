"""Reads and checks one inventory file and its sidecar."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.events import MALFORMED, BeyondLimits, json_events
from muniment.information.ocfl.parsing import InventoryParser
from muniment.information.ocfl.regular_file import (
    digest_of,
    open_regular,
    read_start,
)
from muniment.information.ocfl.sidecar import parse_sidecar, sidecar_name
from muniment.information.ocfl.types import CONTENT_ALGORITHMS, INVENTORY
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.header import check_header
from muniment.information.ocfl.validation.log import FindingLog
from muniment.information.ocfl.validation.manifest_checks import check_fixity, check_manifest
from muniment.information.ocfl.validation.sequence import check_sequence
from muniment.information.ocfl.validation.state_checks import check_states
from muniment.information.ocfl.validation.version_blocks import check_version_blocks

_SIDECAR_BYTES = 4096


class _HashingReader:
    """Hands bytes on and digests them on the way."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha512()

    def read(self, size: int = -1, /) -> bytes:
        block = self._stream.read(size)
        self.digest.update(block)
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
    facts = _parse(f"{folder}/{INVENTORY}", at + INVENTORY, database, log)
    if facts is None:
        return None
    check_header(facts, log, declared=declared)
    check_sequence(facts, log)
    check_version_blocks(facts, log)
    _check_blocks(database, facts, log)
    facts.is_as_recorded = check_sidecar(folder, at, facts.algorithm, log, facts.sha512)
    return facts


def _parse(
    file: str, path: str, database: InventoryDatabase, log: FindingLog
) -> InventoryFacts | None:
    def report(code: str, pointer: str, detail: str = "") -> None:
        log.add(code, path, detail or pointer, pointer=pointer)

    parser = InventoryParser(database, report)
    try:
        with open_regular(file) as stream:
            reader = _HashingReader(stream)
            raw = parser.parse(json_events(reader))
    except BeyondLimits as exc:
        log.add("UNREADABLE", path, str(exc))
        return None
    except MALFORMED as exc:
        log.add("E033", path, " ".join(str(exc).split()) or type(exc).__name__)
        return None
    except OSError as exc:
        log.add("UNREADABLE", path, exc.strerror or str(exc))
        return None
    if not raw.is_object:
        return None
    return InventoryFacts(path, raw, reader.digest.hexdigest(), log.spec)


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


def check_sidecar(folder: Path, at: str, algorithm: str, log: FindingLog, sha512: str) -> bool:
    """Check the sidecar of the inventory in `folder`, whose SHA-512 digest is given.

    Say whether the sidecar has the digest of the inventory.
    """
    name = sidecar_name(algorithm)
    if "/" in name or "\0" in name:
        return False  # E025 was told of such an algorithm
    try:
        recorded = parse_sidecar(read_start(f"{folder}/{name}", _SIDECAR_BYTES))
        if recorded is None:
            log.add("E061", at + name)
        elif algorithm in CONTENT_ALGORITHMS:
            is_known = algorithm == "sha512"
            actual = sha512 if is_known else digest_of(f"{folder}/{INVENTORY}", algorithm)
            return _is_equal(at, recorded, actual, log)
    except FileNotFoundError:
        _tell_missing(folder, at, name, log)
    except OSError as exc:
        log.add("UNREADABLE", at + name, exc.strerror or str(exc))
    return False


def _is_equal(at: str, recorded: str, actual: str, log: FindingLog) -> bool:
    if actual != recorded:
        log.add("E060", at + INVENTORY, expected=recorded, found=actual)
    return actual == recorded


def _tell_missing(folder: Path, at: str, name: str, log: FindingLog) -> None:
    others = sorted(each.name for each in folder.glob(f"{INVENTORY}.*"))
    if others:
        log.add("E059", at + others[0], expected=name)
    else:
        log.add("E058", at + name)
