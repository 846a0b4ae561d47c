"""Checks the names of the versions of one inventory (OCFL 1.1 §3.3)."""

from __future__ import annotations

from itertools import pairwise

from muniment.information.ocfl.names import parse_version_name
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.log import FindingLog


def check_sequence(facts: InventoryFacts, log: FindingLog) -> None:
    """Check that the versions count from 1 without gaps, in one way of writing, up to head."""
    versions = [version.name for version in facts.raw.versions]
    if not versions:
        if "versions" in facts.raw.blocks:
            log.add("E008", facts.path, "the block is empty", pointer="/versions")
        return
    parsed: list[tuple[int, int, str]] = []
    for name in versions:
        numbers = parse_version_name(name)
        if numbers is None:
            code = "E105" if name.startswith("v") else "E104"
            log.add(code, facts.path, name, pointer=f"/versions/{name}")
        else:
            parsed.append((*numbers, name))
    parsed.sort()
    is_whole = _check_numbers([number for number, _, _ in parsed], facts, log)
    _check_widths(parsed, facts, log)
    if is_whole and len(parsed) == len(versions):
        facts.names = [name for _, _, name in parsed]
    _check_head(parsed, facts, log)


def _check_numbers(numbers: list[int], facts: InventoryFacts, log: FindingLog) -> bool:
    if not numbers:
        return False
    if numbers[0] != 1:
        log.add("E009", facts.path, f"the first is {numbers[0]}", pointer="/versions")
    for before, after in pairwise(numbers):
        if after > before + 1:
            log.add("E010", facts.path, f"{after} follows {before}", pointer="/versions")
    return numbers == list(range(1, len(numbers) + 1))


def _check_widths(
    parsed: list[tuple[int, int, str]], facts: InventoryFacts, log: FindingLog
) -> None:
    if not parsed:
        return
    width = parsed[0][1]
    if width:
        log.add("W001", facts.path, parsed[0][2], pointer="/versions")
    for _, other, name in parsed[1:]:
        if width and not other and len(name) - 1 >= width:
            # All digits of the padded width are used up: v10 after v09.
            log.add("E011", facts.path, name, pointer=f"/versions/{name}")
            log.add("E013", facts.path, name, pointer=f"/versions/{name}")
        elif other != width:
            log.add("E012", facts.path, f"{parsed[0][2]}, {name}", pointer=f"/versions/{name}")


def _check_head(parsed: list[tuple[int, int, str]], facts: InventoryFacts, log: FindingLog) -> None:
    head = facts.raw.members.get("head")
    if "head" in facts.raw.members and parsed and head != parsed[-1][2]:
        log.add("E040", facts.path, repr(head), pointer="/head", expected=parsed[-1][2])
