"""Checks the entries of an object root (OCFL 1.1 §3.1)."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from muniment.information.ocfl.namaste import Declares
from muniment.information.ocfl.names import parse_version_name
from muniment.information.ocfl.sidecar import sidecar_name
from muniment.information.ocfl.types import INVENTORY
from muniment.information.ocfl.validation.declaration import is_declaration
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.listing import list_folder
from muniment.information.ocfl.validation.log import FindingLog
from muniment.information.ocfl.validation.names import is_registered


def check_object_entries(
    folder: Path, entries: list[os.DirEntry[str]], facts: InventoryFacts | None, log: FindingLog
) -> None:
    """Check that nothing lies in the object root that does not belong there."""
    sidecars = {sidecar_name(facts.algorithm)} if facts else set()
    versions = {version.name for version in facts.raw.versions} if facts else None
    # A sidecar of another algorithm in place of the right one was told as E059.
    is_other_told = not any(entry.name in sidecars for entry in entries)
    for entry in entries:
        name = entry.name
        if entry.is_symlink():
            log.add("E090", name)
        elif is_declaration(entry.name, Declares.OBJECT):
            continue  # told by the check of declarations
        elif entry.is_dir(follow_symlinks=False):
            _check_folder(folder, entry, versions, log)
        elif entry.name == INVENTORY:
            continue
        elif entry.name not in sidecars and not (is_other_told and _is_sidecar(entry.name)):
            log.add("E001", name)


def _is_sidecar(name: str) -> bool:
    return name.startswith(f"{INVENTORY}.")


def _check_folder(
    folder: Path, entry: os.DirEntry[str], versions: Collection[str] | None, log: FindingLog
) -> None:
    """Check a directory; `versions` are those of the inventory, None when it cannot be read."""
    name = entry.name
    if versions is not None and entry.name in versions:
        if parse_version_name(entry.name) is None:
            log.add("E001", name)
        return
    if entry.name == "logs":
        return  # its content is locally defined, and it may be empty
    if entry.name == "extensions":
        check_extensions(folder / "extensions", "E067", "W013", log)
    elif versions is not None and parse_version_name(entry.name) is not None:
        log.add("E046", name, f"{name} is not in the inventory")
    else:
        if versions is not None or parse_version_name(entry.name) is None:
            log.add("E001", name)
        _check_nested(Path(entry.path), name, log)


def _check_nested(folder: Path, at: str, log: FindingLog) -> None:
    for entry in list_folder(folder, at, log) or ():
        if entry.name.startswith(f"0={Declares.OBJECT}_"):
            log.add("E082", at)
            return


def check_extensions(folder: Path, file_code: str, name_code: str, log: FindingLog) -> None:
    """Check that a folder `extensions` holds folders only, named by registered extensions."""
    for entry in list_folder(folder, "extensions", log) or ():
        path = f"extensions/{entry.name}"
        if entry.is_symlink():
            log.add("E090", path)
        elif not entry.is_dir(follow_symlinks=False):
            log.add(file_code, path)
        elif not is_registered(entry.name):
            log.add(name_code, path)
