"""Checks the manifest and the fixity block (OCFL 1.1 §3.5.2, §3.5.4)."""

from __future__ import annotations

import json

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.digest_forms import (
    FIXITY_ALGORITHMS,
    content_form_code,
    form_code,
    is_digest,
)
from muniment.information.ocfl.names import parse_version_name
from muniment.information.ocfl.paths import FAULTY_PATH, conflicting_paths, content_path_fault
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.log import FindingLog


def check_manifest(database: InventoryDatabase, facts: InventoryFacts, log: FindingLog) -> None:
    """Check digests, content paths, repeated digests and conflicting paths of the manifest."""
    if facts.is_known_algorithm:
        _check_digests(database, facts, log)
    _check_repeated(database, facts, log)
    _check_path_forms(database, facts, log)
    if facts.raw.versions:
        _check_places(database, facts, log)
    for path in conflicting_paths(database, database.manifest):
        log.add("E101", facts.path, path, pointer="/manifest")


def _check_digests(database: InventoryDatabase, facts: InventoryFacts, log: FindingLog) -> None:
    # Here and not in SQL: GLOB took 26 µs a digest, this takes half of one.
    for (digest,) in database.execute(f"SELECT digest FROM {database.manifest}"):  # noqa: S608  # ours
        if not is_digest(digest, facts.algorithm):
            code = content_form_code(digest, facts.algorithm)
            log.add(code, facts.path, digest, pointer=f"/manifest/{digest}")


def _check_repeated(database: InventoryDatabase, facts: InventoryFacts, log: FindingLog) -> None:
    # Repeated: more keys than different digests. The one count is cheap, the search is not.
    sql = f"SELECT count(DISTINCT key) > count(DISTINCT lower(digest)) FROM {database.manifest}"  # noqa: S608  # ours
    if not database.value(sql):
        return
    sql = f"""
        SELECT lower(digest) AS folded FROM {database.manifest}
        GROUP BY folded HAVING count(DISTINCT key) > 1 ORDER BY folded"""  # noqa: S608  # ours
    for (digest,) in database.execute(sql):
        log.add("E096", facts.path, digest, pointer=f"/manifest/{digest}")


def _check_path_forms(database: InventoryDatabase, facts: InventoryFacts, log: FindingLog) -> None:
    sql = f"SELECT digest, path FROM {database.manifest} WHERE {FAULTY_PATH}"  # noqa: S608  # a constant
    for digest, path in database.execute(sql):
        facts.note_faulty(path)
        code = content_path_fault(path) or "E099"
        log.add(code, facts.path, repr(path), pointer=f"/manifest/{digest}")


def _check_places(database: InventoryDatabase, facts: InventoryFacts, log: FindingLog) -> None:
    """Check that each content path is VERSION/CONTENT-DIRECTORY/…."""
    names = facts.names or [version.name for version in facts.raw.versions]
    prefixes = json.dumps([f"{name}/{facts.content_directory}/" for name in names])
    sql = f"""
        SELECT digest, path FROM {database.manifest} WHERE substr(path, 1,
            instr(path, '/') + instr(substr(path, instr(path, '/') + 1), '/')
        ) NOT IN (SELECT value FROM json_each(?))"""  # noqa: S608  # ours
    for digest, path in database.execute(sql, (prefixes,)):
        if path not in facts.faulty:
            facts.note_faulty(path)
            code = _place_code(path, facts)
            log.add(code, facts.path, repr(path), pointer=f"/manifest/{digest}")


def _place_code(path: str, facts: InventoryFacts) -> str:
    if "/" not in path and "\\" in path:
        return "E035"
    version, _, rest = path.partition("/")
    if version in facts.names:
        # Without the key, "content" is the rule itself and not the object's own choice.
        is_other = "/" in rest and not facts.sets_content_directory
        return "E021" if is_other else "E042"
    parsed = parse_version_name(version)
    is_misspelt = parsed is not None and 1 <= parsed[0] <= len(facts.names)
    return "E014" if is_misspelt else "E042"


def check_fixity(database: InventoryDatabase, facts: InventoryFacts, log: FindingLog) -> None:
    """Check algorithms, digests and content paths of the fixity block."""
    table = database.fixity
    for (algorithm,) in database.execute(f"SELECT DISTINCT algorithm FROM {table}"):  # noqa: S608  # ours
        pointer = f"/fixity/{algorithm}"
        if algorithm not in FIXITY_ALGORITHMS:
            log.add("E056", facts.path, algorithm, pointer=pointer)
            continue
        sql = f"SELECT DISTINCT digest FROM {table} WHERE algorithm = ? AND key > 0"  # noqa: S608  # ours
        for (digest,) in database.execute(sql, (algorithm,)):
            if not is_digest(digest, algorithm):
                log.add(form_code(algorithm), facts.path, digest, pointer=f"{pointer}/{digest}")
        sql = f"""
            SELECT lower(digest) AS folded FROM {table} WHERE algorithm = ? AND key > 0
            GROUP BY folded HAVING count(DISTINCT key) > 1 ORDER BY folded"""  # noqa: S608  # ours
        for (digest,) in database.execute(sql, (algorithm,)):
            log.add("E097", facts.path, digest, pointer=f"{pointer}/{digest}")
    _check_fixity_paths(database, facts, log)


def _check_fixity_paths(
    database: InventoryDatabase, facts: InventoryFacts, log: FindingLog
) -> None:
    sql = f"""
        SELECT algorithm, digest, path FROM {database.fixity}
        WHERE key > 0 AND path NOT IN (SELECT path FROM {database.manifest})"""  # noqa: S608  # ours
    for algorithm, digest, path in database.execute(sql):
        code = content_path_fault(path) or "E057"
        log.add(code, facts.path, repr(path), pointer=f"/fixity/{algorithm}/{digest}")
        facts.note_faulty(path)
