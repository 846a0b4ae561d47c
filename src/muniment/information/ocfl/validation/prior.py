"""Compares the inventory of an earlier version with that of the object root (OCFL 1.1 §3.7)."""

from __future__ import annotations

import json

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.log import FindingLog

_METADATA = ("created", "message", "user")
_STATES = """
    one AS (
        SELECT now AS version, path, {digest} AS digest
        FROM prior_state JOIN pair ON version = before),
    two AS (SELECT version, path, {digest} AS digest FROM state JOIN pair ON version = now)"""
_DIFFERENT = """
    SELECT version, path FROM (SELECT * FROM one EXCEPT SELECT * FROM two)
    UNION SELECT version, path FROM (SELECT * FROM two EXCEPT SELECT * FROM one)"""
_SAME_ALGORITHM = f"WITH {_STATES.format(digest='lower(digest)')} {_DIFFERENT}"
# Digests of two algorithms cannot be compared, the bytes that they stand for can.
_OTHER_ALGORITHM = f"""
    WITH {_STATES.format(digest="NULL")},
    held AS (
        SELECT now AS version, s.path, m.path AS content
        FROM prior_state s JOIN pair ON s.version = before
        JOIN prior_manifest m ON m.digest = s.digest),
    holds AS (
        SELECT s.version, s.path, m.path AS content
        FROM state s JOIN pair ON s.version = now JOIN manifest m ON m.digest = s.digest)
    {_DIFFERENT}
    UNION SELECT version, path FROM (SELECT * FROM held EXCEPT SELECT * FROM holds)"""  # noqa: S608  # constants


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
    pairs: list[tuple[int, int]] = []
    for version in prior.raw.versions:
        now = current.get(version.name)
        if now is None:
            detail = f"{version.name} is not in the root inventory"
            log.add("E066", prior.path, detail, pointer=f"/versions/{version.name}")
            continue
        pairs.append((version.ordinal, now.ordinal))
        for key in _METADATA:
            if version.members.get(key) != now.members.get(key):
                pointer = f"/versions/{version.name}/{key}"
                log.add("W011", prior.path, f"{key} of {version.name}", pointer=pointer)
    _check_states(database, pairs, prior, root, log)


def _check_states(
    database: InventoryDatabase,
    pairs: list[tuple[int, int]],
    prior: InventoryFacts,
    root: InventoryFacts,
    log: FindingLog,
) -> None:
    """Compare the states of all versions at once: version by version took cubic time."""
    sql = _SAME_ALGORITHM if prior.algorithm == root.algorithm else _OTHER_ALGORITHM
    names = {version.ordinal: version.name for version in root.raw.versions}
    database.execute("DELETE FROM pair")
    database.executemany("INSERT INTO pair VALUES (?, ?)", pairs)
    for ordinal, path in database.execute(f"{sql} ORDER BY 1, 2"):
        name = names[ordinal]
        log.add("E066", prior.path, f"{path} in {name}", pointer=f"/versions/{name}/state")


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
    sql = """
        SELECT path FROM manifest
        WHERE substr(path, 1, instr(path, '/') - 1) IN (SELECT value FROM json_each(?))
        EXCEPT SELECT path FROM prior_manifest ORDER BY path"""
    for (path,) in database.execute(sql, (json.dumps(wanted),)):
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
