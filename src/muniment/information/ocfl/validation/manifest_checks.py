"""Checks the manifest and the fixity block (OCFL 1.1 §3.5.2, §3.5.4)."""

from __future__ import annotations

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.names import parse_version_name
from muniment.information.ocfl.paths import FAULTY_PATH, conflicting_paths, content_path_fault
from muniment.information.ocfl.types import FIXITY_ALGORITHMS
from muniment.information.ocfl.validation.digest_forms import (
    LENGTHS,
    NOT_HEX,
    content_form_code,
    form_code,
)
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.log import FindingLog


def check_manifest(database: InventoryDatabase, facts: InventoryFacts, log: FindingLog) -> None:
    """Check digests, content paths, repeated digests and conflicting paths of the manifest."""
    if facts.is_known_algorithm:
        _check_digests(database, facts, log)
    _check_repeated(database, facts, log)
    _check_path_forms(database, facts, log)
    _check_places(database, facts, log)
    for path in conflicting_paths(database, "manifest"):
        log.add("E101", facts.path, path, pointer="/manifest")


def _check_digests(database: InventoryDatabase, facts: InventoryFacts, log: FindingLog) -> None:
    sql = f"SELECT DISTINCT digest FROM manifest WHERE {NOT_HEX}"  # noqa: S608  # a constant
    for (digest,) in database.execute(sql, (LENGTHS[facts.algorithm],)):
        code = content_form_code(digest, facts.algorithm)
        log.add(code, facts.path, digest, pointer=f"/manifest/{digest}")


def _check_repeated(database: InventoryDatabase, facts: InventoryFacts, log: FindingLog) -> None:
    # Repeated: more keys than different digests. The one count is cheap, the search is not.
    sql = "SELECT count(DISTINCT key) > count(DISTINCT lower(digest)) FROM manifest"
    if not database.value(sql):
        return
    sql = """
        SELECT lower(digest) AS folded FROM manifest
        GROUP BY folded HAVING count(DISTINCT key) > 1 ORDER BY folded"""
    for (digest,) in database.execute(sql):
        log.add("E096", facts.path, digest, pointer=f"/manifest/{digest}")


def _check_path_forms(database: InventoryDatabase, facts: InventoryFacts, log: FindingLog) -> None:
    sql = f"SELECT digest, path FROM manifest WHERE {FAULTY_PATH}"  # noqa: S608  # a constant
    for digest, path in database.execute(sql):
        facts.faulty.add(path)
        code = content_path_fault(path) or "E099"
        log.add(code, facts.path, repr(path), pointer=f"/manifest/{digest}")


def _check_places(database: InventoryDatabase, facts: InventoryFacts, log: FindingLog) -> None:
    """Check that each content path is VERSION/CONTENT-DIRECTORY/…."""
    database.execute("CREATE TEMP TABLE place (prefix TEXT PRIMARY KEY)")
    names = facts.names or [version.name for version in facts.raw.versions]
    prefixes = ((f"{name}/{facts.content_directory}/",) for name in names)
    database.executemany("INSERT OR IGNORE INTO place VALUES (?)", prefixes)
    sql = """
        SELECT digest, path FROM manifest WHERE substr(path, 1,
            instr(path, '/') + instr(substr(path, instr(path, '/') + 1), '/')
        ) NOT IN (SELECT prefix FROM place)"""
    for digest, path in database.execute(sql):
        if path not in facts.faulty:
            facts.faulty.add(path)
            code = _place_code(path, facts)
            log.add(code, facts.path, repr(path), pointer=f"/manifest/{digest}")
    database.execute("DROP TABLE place")


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
    algorithms = [row[0] for row in database.execute("SELECT DISTINCT algorithm FROM fixity")]
    for algorithm in algorithms:
        pointer = f"/fixity/{algorithm}"
        if algorithm not in FIXITY_ALGORITHMS:
            log.add("E056", facts.path, algorithm, pointer=pointer)
            continue
        sql = f"SELECT DISTINCT digest FROM fixity WHERE algorithm = ? AND key > 0 AND {NOT_HEX}"  # noqa: S608  # a constant
        for (digest,) in database.execute(sql, (algorithm, LENGTHS[algorithm])):
            log.add(form_code(algorithm), facts.path, digest, pointer=f"{pointer}/{digest}")
        sql = """
            SELECT lower(digest) AS folded FROM fixity WHERE algorithm = ? AND key > 0
            GROUP BY folded HAVING count(DISTINCT key) > 1 ORDER BY folded"""
        for (digest,) in database.execute(sql, (algorithm,)):
            log.add("E097", facts.path, digest, pointer=f"{pointer}/{digest}")
    if algorithms:
        _check_fixity_paths(database, facts, log)


def _check_fixity_paths(
    database: InventoryDatabase, facts: InventoryFacts, log: FindingLog
) -> None:
    database.ensure_index("manifest_path")
    sql = """
        SELECT algorithm, digest, path FROM fixity
        WHERE key > 0 AND path NOT IN (SELECT path FROM manifest)"""
    for algorithm, digest, path in database.execute(sql):
        code = content_path_fault(path) or "E057"
        log.add(code, facts.path, repr(path), pointer=f"/fixity/{algorithm}/{digest}")
        facts.faulty.add(path)
