"""Checks the version directories and notes every file of their content (OCFL 1.1 §3.3)."""

from __future__ import annotations

import os
from collections.abc import Iterator

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.sidecar import sidecar_name
from muniment.information.ocfl.types import INVENTORY
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.listing import files_below
from muniment.information.ocfl.validation.log import FindingLog
from muniment.information.ocfl.validation.names import is_utf_8

Listings = dict[str, list[os.DirEntry[str]]]
"""Entries by the name of the version directory, for those that are there."""


def note_content(
    root: InventoryFacts,
    listings: Listings,
    algorithms: dict[str, str],
    database: InventoryDatabase,
    log: FindingLog,
) -> None:
    """Fill the table `disk` with the content paths of all files that are there.

    `algorithms` gives the digest algorithm of each version directory that has an inventory.
    """
    last = max((number for number, name in enumerate(root.names) if name in listings), default=-1)
    for number, name in enumerate(root.names):
        if name not in listings:
            if not log.could_not_look_at(f"{name}/"):
                log.add("E046", name, f"{name} is missing")
                if number < last:
                    log.add("E010", name, f"{name} is missing, later ones are there")
            continue
        entries = listings[name]
        _check_entries(name, entries, root.content_directory, algorithms, log)
        content = next((each for each in entries if each.name == root.content_directory), None)
        if content is None or not content.is_dir(follow_symlinks=False):
            _check_absent(name, root, database, log)
        else:
            _note(content.path, f"{name}/{content.name}", database, log)


def _check_entries(
    name: str,
    entries: list[os.DirEntry[str]],
    content_directory: str,
    algorithms: dict[str, str],
    log: FindingLog,
) -> None:
    expected = {INVENTORY, sidecar_name(algorithms[name])} if name in algorithms else set()
    # A sidecar of another algorithm in place of the right one was told as E059.
    is_other_told = bool(expected - {entry.name for entry in entries})
    for entry in entries:
        path = f"{name}/{entry.name}"
        if entry.is_symlink():
            log.add("E090", path)
        elif entry.is_dir(follow_symlinks=False):
            if entry.name != content_directory:
                log.add("W002", path)
        elif entry.name not in expected and not (is_other_told and _is_sidecar(entry.name)):
            log.add("E015", path)


def _is_sidecar(name: str) -> bool:
    return name.startswith(f"{INVENTORY}.")


def _check_absent(
    name: str, root: InventoryFacts, database: InventoryDatabase, log: FindingLog
) -> None:
    prefix = f"{name}/{root.content_directory}/"
    sql = "SELECT 1 FROM manifest WHERE substr(path, 1, ?) = ? LIMIT 1"
    if database.value(sql, len(prefix), prefix) is not None:
        log.add("E016", name, prefix)


def _note(content: str, at: str, database: InventoryDatabase, log: FindingLog) -> None:
    before = database.value("SELECT count(*) FROM disk")
    rows = ((path,) for path in _expressible(files_below(content, at, log), log))
    database.executemany("INSERT INTO disk VALUES (?)", rows)
    if database.value("SELECT count(*) FROM disk") == before:
        log.add("W003", at)


def _expressible(paths: Iterator[str], log: FindingLog) -> Iterator[str]:
    for path in paths:
        if is_utf_8(path):
            yield path
        else:
            # No inventory can name it, so none does.
            log.add("E023", path)
