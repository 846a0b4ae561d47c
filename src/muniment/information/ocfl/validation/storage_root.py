"""Validates a whole storage root (OCFL 1.1 §4)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from muniment.information.ocfl.layouts import LAYOUT_FILE, Layout
from muniment.information.ocfl.types import INVENTORY
from muniment.information.ocfl.validation.content import Reading
from muniment.information.ocfl.validation.hierarchy import objects_below
from muniment.information.ocfl.validation.log import FindingLog
from muniment.information.ocfl.validation.many_objects import check_objects
from muniment.information.ocfl.validation.root_folder import check_layout, check_root_entries
from muniment.runtime.errors import InvalidArgument


def check_root(folder: Path, log: FindingLog, how: Reading) -> int:
    """Tell every fault of the storage root in `folder` and of all its objects; count the objects.

    Paths of findings are relative to the storage root.
    """
    tops = check_root_entries(folder, log)
    layout = check_layout(folder, log)
    is_flat: set[bool] = set()
    count = 0
    places = (found for top in tops for found in objects_below(top, log))
    for verdict in check_objects(places, log.spec, how):
        log.extend(verdict.findings)
        if verdict.spec > log.spec:
            log.add("E081", verdict.at, verdict.spec, expected=log.spec)
        if layout is not None and verdict.object_id is not None:
            _check_place(verdict.at, verdict.object_id, layout, log)
        is_flat.add("/" not in verdict.at)
        count += 1
    if len(is_flat) > 1:
        log.add("W015", "")
    return count


def _check_place(at: str, object_id: str, layout: Layout, log: FindingLog) -> None:
    try:
        expected = layout.path_of(object_id)
    except InvalidArgument as exc:
        log.add("W014", at, str(exc))
        return
    if expected != at:
        log.add("W014", at, expected=expected)


def is_storage_root(names: Collection[str]) -> bool:
    """Say whether a folder with these names is, or was meant to be, a storage root.

    Without any declaration: what has neither an inventory nor version directories, but a layout.
    """
    if any(name[1:].startswith("=ocfl_") and "object" not in name for name in names):
        return True
    return LAYOUT_FILE in names and INVENTORY not in names
