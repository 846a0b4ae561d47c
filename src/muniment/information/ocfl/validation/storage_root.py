"""Validates a whole storage root (OCFL 1.1 §4)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from muniment.information.ocfl.layouts import LAYOUT_FILE, Layout
from muniment.information.ocfl.types import INVENTORY
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.hierarchy import objects_below
from muniment.information.ocfl.validation.listing import shown_name
from muniment.information.ocfl.validation.log import FindingLog
from muniment.information.ocfl.validation.object import check_object
from muniment.information.ocfl.validation.root_folder import check_layout, check_root_entries
from muniment.runtime.errors import InvalidArgument


def check_root(
    folder: Path, log: FindingLog, *, quick: bool = False, workers: int | None = None
) -> int:
    """Tell every fault of the storage root in `folder` and of all its objects; count the objects.

    Paths of findings are relative to the storage root.
    """
    tops = check_root_entries(folder, log)
    layout = check_layout(folder, log)
    is_flat: set[bool] = set()
    count = 0
    for top in tops:
        for path, at in objects_below(top, log):
            own = FindingLog(log.spec, f"{shown_name(at)}/")
            facts = check_object(path, own, quick=quick, workers=workers)
            log.findings.extend(own.findings)
            if own.spec > log.spec:
                log.add("E081", shown_name(at), own.spec, expected=log.spec)
            _check_place(at, facts, layout, log)
            is_flat.add("/" not in at)
            count += 1
    if len(is_flat) > 1:
        log.add("W015", "")
    return count


def _check_place(
    at: str, facts: InventoryFacts | None, layout: Layout | None, log: FindingLog
) -> None:
    if facts is None or layout is None or not isinstance(facts.object_id, str):
        return
    try:
        expected = layout.path_of(facts.object_id)
    except InvalidArgument as exc:
        log.add("W014", shown_name(at), str(exc))
        return
    if expected != at:
        log.add("W014", shown_name(at), expected=expected)


def is_storage_root(names: Collection[str]) -> bool:
    """Say whether a folder with these names is, or was meant to be, a storage root.

    Without any declaration: what has neither an inventory nor version directories, but a layout.
    """
    if any(name[1:].startswith("=ocfl_") and "object" not in name for name in names):
        return True
    return LAYOUT_FILE in names and INVENTORY not in names
