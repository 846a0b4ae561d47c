"""Checks the plain members of an inventory (OCFL 1.1 §3.5.1)."""

from __future__ import annotations

from collections.abc import Callable

from muniment.information.ocfl.events import NESTED
from muniment.information.ocfl.types import CONTENT_ALGORITHMS, SPEC_VERSIONS, inventory_type
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.log import FindingLog
from muniment.information.ocfl.validation.names import is_uri

_TYPES = {inventory_type(spec): spec for spec in SPEC_VERSIONS}


def check_header(facts: InventoryFacts, log: FindingLog, *, declared: str | None) -> None:
    """Check id, type, digestAlgorithm, contentDirectory and that the blocks are there.

    `declared` is the version that the object declares, for the root inventory; None for others.
    """
    members = facts.raw.members
    checks: dict[str, Callable[[object], None]] = {
        "id": lambda value: _check_id(value, facts, log),
        "type": lambda value: _check_type(value, facts, log, declared),
        "digestAlgorithm": lambda value: _check_algorithm(value, facts, log),
    }
    for key, check in checks.items():
        if key in members:
            check(members[key])
        else:
            log.add("E036", facts.path, f"{key} is missing", pointer=f"/{key}")
    if "head" not in members:
        log.add("E036", facts.path, "head is missing", pointer="/head")
    if "contentDirectory" in members:
        _check_content_directory(members["contentDirectory"], facts, log)


def _check_id(value: object, facts: InventoryFacts, log: FindingLog) -> None:
    if not isinstance(value, str) or not value:
        log.add("E037", facts.path, f"the id is {_shown(value)}", pointer="/id")
    elif not is_uri(value):
        log.add("W005", facts.path, value, pointer="/id")


def _check_type(
    value: object, facts: InventoryFacts, log: FindingLog, declared: str | None
) -> None:
    spec = _TYPES.get(value) if isinstance(value, str) else None
    if spec is None or (declared is not None and spec != declared):
        expected = inventory_type(declared) if declared else " or ".join(_TYPES)
        log.add("E038", facts.path, _shown(value), pointer="/type", expected=expected)
    facts.spec = spec or declared or facts.spec


def _check_algorithm(value: object, facts: InventoryFacts, log: FindingLog) -> None:
    facts.is_known_algorithm = value in CONTENT_ALGORITHMS
    if not facts.is_known_algorithm:
        log.add("E025", facts.path, _shown(value), pointer="/digestAlgorithm")
    if isinstance(value, str):
        facts.algorithm = value
    if value == "sha256":
        log.add("W004", facts.path, "sha256", pointer="/digestAlgorithm")


def _check_content_directory(value: object, facts: InventoryFacts, log: FindingLog) -> None:
    facts.sets_content_directory = True
    pointer = "/contentDirectory"
    if isinstance(value, str) and "/" in value:
        log.add("E017", facts.path, value, pointer=pointer)
    elif value in {".", ".."}:
        log.add("E018", facts.path, str(value), pointer=pointer)
    elif not isinstance(value, str) or not value or "\0" in value:
        log.add("E108", facts.path, _shown(value), pointer=pointer)
    else:
        facts.content_directory = value


def _shown(value: object) -> str:
    return "an object or array" if value is NESTED else repr(value)
