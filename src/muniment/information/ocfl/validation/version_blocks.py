"""Checks what each version block says of itself (OCFL 1.1 §3.5.3.1)."""

from __future__ import annotations

from collections.abc import Mapping

from muniment.information.ocfl.date_time import parse_date_time
from muniment.information.ocfl.parsing import RawVersion
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.log import FindingLog
from muniment.information.ocfl.validation.names import is_uri

_USER_KEYS = frozenset({"name", "address"})


def check_version_blocks(facts: InventoryFacts, log: FindingLog) -> None:
    """Check created, state, message and user of every version."""
    for version in facts.raw.versions:
        if not version.is_object:
            continue  # E047 was told
        pointer = f"/versions/{version.name}"
        _check_created(version, facts, log, pointer)
        if not version.has_state:
            log.add("E048", facts.path, f"{version.name} has no state", pointer=pointer)
        _check_message(version, facts, log, pointer)
        _check_user(version, facts, log, pointer)


def _check_created(
    version: RawVersion, facts: InventoryFacts, log: FindingLog, pointer: str
) -> None:
    if "created" not in version.members:
        log.add("E048", facts.path, f"{version.name} has no created", pointer=pointer)
        return
    created = version.members["created"]
    if not isinstance(created, str) or parse_date_time(created) is None:
        shown = created if isinstance(created, str) else "not a text"
        log.add("E049", facts.path, shown, pointer=f"{pointer}/created")


def _check_message(
    version: RawVersion, facts: InventoryFacts, log: FindingLog, pointer: str
) -> None:
    if "message" not in version.members:
        log.add("W007", facts.path, f"{version.name} has no message", pointer=pointer)
    elif not isinstance(version.members["message"], str):
        log.add("E094", facts.path, version.name, pointer=f"{pointer}/message")


def _check_user(version: RawVersion, facts: InventoryFacts, log: FindingLog, pointer: str) -> None:
    if "user" not in version.members:
        log.add("W007", facts.path, f"{version.name} has no user", pointer=pointer)
        return
    pointer = f"{pointer}/user"
    if version.user is None:
        log.add("E054", facts.path, f"{version.name}: not a JSON object", pointer=pointer)
        return
    name = version.user.get("name")
    if not isinstance(name, str) or not name:
        log.add("E054", facts.path, f"{version.name}: no name", pointer=pointer)
    _check_address(version.user, facts, log, pointer)
    for key in sorted(version.user.keys() - _USER_KEYS):
        log.add("E102", facts.path, key, pointer=f"{pointer}/{key}")


def _check_address(
    user: Mapping[str, object], facts: InventoryFacts, log: FindingLog, pointer: str
) -> None:
    address = user.get("address")
    if "address" not in user:
        log.add("W008", facts.path, str(user.get("name")), pointer=pointer)
    elif not isinstance(address, str):
        log.add("E054", facts.path, "the address is not a text", pointer=f"{pointer}/address")
    elif not is_uri(address):
        log.add("W009", facts.path, address, pointer=f"{pointer}/address")
