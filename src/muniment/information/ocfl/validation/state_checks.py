"""Checks the states of all versions of an inventory (OCFL 1.1 §3.5.3.1)."""

from __future__ import annotations

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.paths import FAULTY_PATH, conflicting_paths, logical_path_fault
from muniment.information.ocfl.validation.digest_forms import LENGTHS, NOT_HEX, content_form_code
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.log import FindingLog


def check_states(database: InventoryDatabase, facts: InventoryFacts, log: FindingLog) -> None:
    """Check digests and logical paths of every state, and that manifest and states agree."""
    names = {version.ordinal: version.name for version in facts.raw.versions}
    _check_digests(database, facts, log, names)
    sql = f"SELECT version, digest, path FROM state WHERE {FAULTY_PATH}"  # noqa: S608  # a constant
    for ordinal, digest, path in database.execute(sql):
        pointer = f"/versions/{names[ordinal]}/state/{digest}"
        log.add(logical_path_fault(path) or "E052", facts.path, repr(path), pointer=pointer)
    for path in conflicting_paths(database, "state", partition="version"):
        log.add("E095", facts.path, path, pointer="/versions")
    if "manifest" in facts.raw.blocks:
        _check_agreement(database, facts, log, names)


def _check_digests(
    database: InventoryDatabase, facts: InventoryFacts, log: FindingLog, names: dict[int, str]
) -> None:
    if facts.is_known_algorithm:
        sql = f"SELECT DISTINCT version, digest FROM state WHERE {NOT_HEX}"  # noqa: S608  # a constant
        for ordinal, digest in database.execute(sql, (LENGTHS[facts.algorithm],)):
            pointer = f"/versions/{names[ordinal]}/state/{digest}"
            log.add(content_form_code(digest, facts.algorithm), facts.path, digest, pointer=pointer)
    sql = """
        SELECT version, count(DISTINCT key) > count(DISTINCT lower(digest))
        FROM state GROUP BY version"""
    for ordinal, is_repeated in database.execute(sql).fetchall():
        if is_repeated:
            detail = f"{names[ordinal]} has a digest twice"
            log.add("E050", facts.path, detail, pointer=f"/versions/{names[ordinal]}/state")


def _check_agreement(
    database: InventoryDatabase, facts: InventoryFacts, log: FindingLog, names: dict[int, str]
) -> None:
    """Every digest of a state is in the manifest, letter by letter, and the other way round."""
    sql = "SELECT DISTINCT digest FROM state EXCEPT SELECT digest FROM manifest"
    missing = [digest for (digest,) in database.execute(sql)]
    for digest in missing:
        ordinal = database.value("SELECT version FROM state WHERE digest = ? LIMIT 1", digest)
        name = names[int(str(ordinal))]
        log.add("E050", facts.path, digest, pointer=f"/versions/{name}/state/{digest}")
    if not all(version.has_state for version in facts.raw.versions) or not facts.names:
        return
    sql = """
        SELECT DISTINCT lower(digest) FROM manifest
        EXCEPT SELECT DISTINCT lower(digest) FROM state"""
    for (digest,) in database.execute(sql):
        log.add("E107", facts.path, digest, pointer=f"/manifest/{digest}")
