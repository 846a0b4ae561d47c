"""Validates one OCFL object (OCFL 1.1 §3)."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from muniment.information.ocfl.namaste import Declares
from muniment.information.ocfl.regular_file import digest_of
from muniment.information.ocfl.types import INVENTORY
from muniment.information.ocfl.validation.content import Reading, check_content, expect
from muniment.information.ocfl.validation.declaration import check_declaration, is_declaration
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.inventory import check_inventory, check_sidecar
from muniment.information.ocfl.validation.listing import list_folder
from muniment.information.ocfl.validation.log import FindingLog
from muniment.information.ocfl.validation.object_folder import check_object_entries
from muniment.information.ocfl.validation.prior import check_content_directories, check_prior
from muniment.information.ocfl.validation.tables import ValidationTables
from muniment.information.ocfl.validation.version_folders import Listings, note_content


def check_object(
    folder: Path, log: FindingLog, how: Reading, tables: ValidationTables | None = None
) -> InventoryFacts | None:
    """Tell every fault of the object in `folder`; return the facts of its root inventory.

    Memory does not grow with the files. `tables` may be used again for one object after the other.
    """
    entries = list_folder(folder, "", log)
    if entries is None:
        return None
    declarations = [entry for entry in entries if is_declaration(entry.name, Declares.OBJECT)]
    declared = check_declaration(folder, declarations, Declares.OBJECT, log)
    log.spec = declared or log.spec
    root = None
    with tables.cleared() if tables else ValidationTables() as used:
        if any(entry.name == INVENTORY for entry in entries):
            root = check_inventory(folder, "", used.root, log, declared=declared)
        else:
            log.add("E063", INVENTORY)
        check_object_entries(folder, entries, root, log)
        if root is not None and root.names:
            present = {entry.name for entry in entries if entry.is_dir(follow_symlinks=False)}
            listings = {
                name: listed
                for name in root.names
                if name in present
                and (listed := list_folder(f"{folder}/{name}", name, log)) is not None
            }
            algorithms = _check_inventories(folder, root, listings, used, log)
            note_content(root, listings, algorithms, used.root, log)
            if "manifest" in root.raw.blocks:
                check_content(folder, used.root, root, log, how)
    return root


def _check_inventories(
    folder: Path,
    root: InventoryFacts,
    listings: Listings,
    tables: ValidationTables,
    log: FindingLog,
) -> dict[str, str]:
    """Check the inventories in the version directories; return the digest algorithm of each."""
    expect(tables.root, root)
    algorithms: dict[str, str] = {}
    read: list[InventoryFacts] = []
    for name, entries in listings.items():
        if not any(entry.name == INVENTORY for entry in entries):
            log.add("W010", name)
        elif name == root.names[-1]:
            algorithms[name] = root.algorithm
            _check_newest(folder / name, name, root, log)
        else:
            tables.prior.clear()
            facts = check_inventory(folder / name, f"{name}/", tables.prior, log)
            algorithms[name] = facts.algorithm if facts else root.algorithm
            if facts is not None:
                check_prior(tables.root, name, facts, root, log)
                expect(tables.prior, facts)
                read.append(facts)
    _check_course(root, read, log)
    return algorithms


def _check_newest(folder: Path, name: str, root: InventoryFacts, log: FindingLog) -> None:
    """The inventory of the newest version is the one in the root, byte for byte."""
    path = f"{name}/{INVENTORY}"
    try:
        sha512 = digest_of(f"{folder}/{INVENTORY}", "sha512")
    except OSError as exc:
        log.add("UNREADABLE", path, exc.strerror or str(exc))
        return
    is_sound = check_sidecar(folder, f"{name}/", root.algorithm, log, sha512)
    if sha512 != root.sha512:
        # The sidecars tell which of the two is not what was written.
        log.add("E064", INVENTORY if is_sound and not root.is_as_recorded else path)


def _check_course(root: InventoryFacts, read: list[InventoryFacts], log: FindingLog) -> None:
    """Check what must not change, or not go back, from version to version."""
    course = [*read, root]
    for before, after in pairwise(course):
        if after.spec < before.spec:
            log.add("E103", after.path, after.spec, expected=before.spec)
    if read and read[0].path == f"{root.names[0]}/{INVENTORY}":
        check_content_directories(read[0], [*read[1:], root], log)
