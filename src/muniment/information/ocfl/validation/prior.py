"""Compares the inventory of an earlier version with that of the object root (OCFL 1.1 §3.7)."""

from __future__ import annotations

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.parsing import RawVersion
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.log import FindingLog

_METADATA = ("created", "message", "user")
# Both sides as (logical path, digest); what the first has and the second has not.
_STATE = """
    SELECT path, lower(digest) FROM {0}state WHERE version = ?
    EXCEPT SELECT path, lower(digest) FROM {1}state WHERE version = ?"""
# Digests of two algorithms cannot be compared, the bytes that they stand for can.
_CONTENT = """
    SELECT s.path, m.path FROM {0}state s JOIN {0}manifest m ON m.digest = s.digest
    WHERE s.version = ?
    EXCEPT SELECT s.path, m.path FROM {1}state s JOIN {1}manifest m ON m.digest = s.digest
    WHERE s.version = ?"""
_PATHS = """
    SELECT path, NULL FROM {0}state WHERE version = ?
    EXCEPT SELECT path, NULL FROM {1}state WHERE version = ?"""


def check_prior(
    database: InventoryDatabase,
    name: str,
    prior: InventoryFacts,
    root: InventoryFacts,
    log: FindingLog,
) -> None:
    """Check the inventory in version directory `name`, whose rows are in the tables `prior_…`.

    The rows of the root inventory are in the plain tables.
    """
    if prior.object_id != root.object_id:
        found, expected = str(prior.object_id), str(root.object_id)
        for code in ("E037", "E110"):
            log.add(code, prior.path, found, pointer="/id", expected=expected, found=found)
    if prior.names and prior.names[-1] != name:
        log.add("E040", prior.path, prior.names[-1], pointer="/head", expected=name)
    _check_versions(database, prior, root, log)
    _check_files(database, name, prior, root, log)


def _check_versions(
    database: InventoryDatabase, prior: InventoryFacts, root: InventoryFacts, log: FindingLog
) -> None:
    current = {version.name: version for version in root.raw.versions}
    for version in prior.raw.versions:
        now = current.get(version.name)
        if now is None:
            detail = f"{version.name} is not in the root inventory"
            log.add("E066", prior.path, detail, pointer=f"/versions/{version.name}")
            continue
        _check_state(database, (prior, version), (root, now), log)
        for key in _METADATA:
            if version.members.get(key) != now.members.get(key):
                pointer = f"/versions/{version.name}/{key}"
                log.add("W011", prior.path, f"{key} of {version.name}", pointer=pointer)


def _check_state(
    database: InventoryDatabase,
    prior: tuple[InventoryFacts, RawVersion],
    root: tuple[InventoryFacts, RawVersion],
    log: FindingLog,
) -> None:
    (facts, before), (current, now) = prior, root
    there, back = (before.ordinal, now.ordinal), (now.ordinal, before.ordinal)
    if facts.algorithm == current.algorithm:
        queries = [(_STATE.format("prior_", ""), there), (_STATE.format("", "prior_"), back)]
    else:
        queries = [
            (_PATHS.format("prior_", ""), there),
            (_PATHS.format("", "prior_"), back),
            (_CONTENT.format("prior_", ""), there),
        ]
    different = {path for sql, ordinals in queries for path, _ in database.execute(sql, ordinals)}
    for path in sorted(different):
        pointer = f"/versions/{before.name}/state"
        log.add("E066", facts.path, f"{path} in {before.name}", pointer=pointer)


def _check_files(
    database: InventoryDatabase,
    name: str,
    prior: InventoryFacts,
    root: InventoryFacts,
    log: FindingLog,
) -> None:
    """Every file of the versions up to this one must be in its manifest: E023."""
    if "manifest" not in prior.raw.blocks or name not in root.names:
        return
    wanted = root.names[: root.names.index(name) + 1]
    marks = ", ".join("?" * len(wanted))
    sql = f"""
        SELECT path FROM manifest WHERE substr(path, 1, instr(path, '/') - 1) IN ({marks})
        EXCEPT SELECT path FROM prior_manifest ORDER BY path"""  # noqa: S608  # question marks only
    for (path,) in database.execute(sql, wanted):
        if path not in root.faulty:
            log.add("E023", path, f"{path} is not in {prior.path}")


def check_content_directories(
    first: InventoryFacts, later: list[InventoryFacts], log: FindingLog
) -> None:
    """Check that contentDirectory is set in the first version or never, and does not change."""
    for facts in later:
        pointer = "/contentDirectory"
        if facts.sets_content_directory != first.sets_content_directory:
            log.add("E019", facts.path, facts.content_directory, pointer=pointer)
        elif facts.content_directory != first.content_directory:
            log.add("E020", facts.path, facts.content_directory, pointer=pointer)
