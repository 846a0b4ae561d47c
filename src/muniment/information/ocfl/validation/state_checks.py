"""Checks the states of all versions of an inventory (OCFL 1.1 §3.5.3.1)."""

from __future__ import annotations

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.digest_forms import content_form_code, is_digest
from muniment.information.ocfl.paths import FAULTY_PATH, conflicting_paths, logical_path_fault
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.log import FindingLog


def check_states(database: InventoryDatabase, facts: InventoryFacts, log: FindingLog) -> None:
    """Check digests and logical paths of every state, and that manifest and states agree."""
    names = {version.ordinal: version.name for version in facts.raw.versions}
    _check_repeated(database, facts, log, names)
    sql = f"SELECT version, digest, path FROM {database.state} WHERE {FAULTY_PATH}"  # noqa: S608  # a constant
    for ordinal, digest, path in database.execute(sql):
        pointer = f"/versions/{names[ordinal]}/state/{digest}"
        log.add(logical_path_fault(path) or "E052", facts.path, repr(path), pointer=pointer)
    for path in conflicting_paths(database, database.state, group="version"):
        log.add("E095", facts.path, path, pointer="/versions")
    if "manifest" in facts.raw.blocks:
        _check_agreement(database, facts, log, names)


def _check_repeated(
    database: InventoryDatabase, facts: InventoryFacts, log: FindingLog, names: dict[int, str]
) -> None:
    sql = f"""
        SELECT version, count(DISTINCT key) > count(DISTINCT lower(digest))
        FROM {database.state} GROUP BY version"""  # noqa: S608  # ours
    for ordinal, is_repeated in database.execute(sql).fetchall():
        if is_repeated:
            detail = f"{names[ordinal]} has a digest twice"
            log.add("E050", facts.path, detail, pointer=f"/versions/{names[ordinal]}/state")


def _check_agreement(
    database: InventoryDatabase, facts: InventoryFacts, log: FindingLog, names: dict[int, str]
) -> None:
    """Every digest of a state is in the manifest, letter by letter, and the other way round."""
    state, manifest = database.state, database.manifest
    sql = f"""
        SELECT min(version), digest FROM {state}
        WHERE digest NOT IN (SELECT digest FROM {manifest}) GROUP BY digest"""  # noqa: S608  # ours
    for ordinal, digest in database.execute(sql):
        pointer = f"/versions/{names[ordinal]}/state/{digest}"
        log.add("E050", facts.path, digest, pointer=pointer)
        # Only those need a look: what is in the manifest was looked at there.
        if facts.is_known_algorithm and not is_digest(digest, facts.algorithm):
            code = content_form_code(digest, facts.algorithm)
            log.add(code, facts.path, digest, pointer=pointer)
    if not all(version.is_state_readable for version in facts.raw.versions) or not facts.names:
        return
    sql = f"""
        SELECT DISTINCT lower(digest) FROM {manifest}
        WHERE lower(digest) NOT IN (SELECT lower(digest) FROM {state})"""  # noqa: S608  # ours
    for (digest,) in database.execute(sql):
        log.add("E107", facts.path, digest, pointer=f"/manifest/{digest}")
