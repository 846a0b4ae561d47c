"""Checks the files of an object against all digests that its inventories give for them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.types import FIXITY_ALGORITHMS
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.log import FindingLog
from muniment.runtime.digest_pool import DigestJob, DigestResult, DigestStatus, digest_many

_Expected = tuple[str, str, str, str, str]
"""Path, algorithm, digest, code to tell, inventory that says so."""


def begin_expectations(database: InventoryDatabase) -> None:
    """Make the table `expected` of digests to check."""
    database.execute(
        "CREATE TABLE expected (path TEXT, algorithm TEXT, digest TEXT, code TEXT, source TEXT)"
    )


def expect(database: InventoryDatabase, facts: InventoryFacts) -> None:
    """Add what the inventory in the plain tables says and nobody said before."""
    if facts.is_known_algorithm:
        _add(database, "SELECT path, :algorithm, lower(digest) FROM manifest", facts, "E092")
    for (algorithm,) in database.execute("SELECT DISTINCT algorithm FROM fixity").fetchall():
        if algorithm in FIXITY_ALGORITHMS:
            sql = """
                SELECT path, algorithm, lower(digest) FROM fixity
                WHERE algorithm = :algorithm AND key > 0"""
            _add(database, sql, facts, "E093", algorithm)


def _add(
    database: InventoryDatabase, select: str, facts: InventoryFacts, code: str, algorithm: str = ""
) -> None:
    values = {"algorithm": algorithm or facts.algorithm, "code": code, "source": facts.path}
    database.execute(
        f"""
        INSERT INTO expected SELECT *, :code, :source FROM (
            {select} EXCEPT SELECT path, algorithm, digest FROM expected)""",  # noqa: S608  # ours
        values,
    )


def check_presence(database: InventoryDatabase, root: InventoryFacts, log: FindingLog) -> None:
    """Tell files that an inventory names and that are not there, and the other way round."""
    sql = """
        SELECT DISTINCT path, code FROM expected WHERE path NOT IN (SELECT path FROM disk)
        ORDER BY path, code"""
    for path, code in database.execute(sql):
        if path not in root.faulty:
            log.add(code, path, f"{path!r} is missing")
    sql = "SELECT path FROM disk EXCEPT SELECT path FROM root_manifest ORDER BY path"
    for (path,) in database.execute(sql):
        log.add("E023", path)


def check_digests(
    folder: Path, database: InventoryDatabase, log: FindingLog, *, workers: int | None
) -> None:
    """Read every file once and compare it with all digests that are expected of it."""
    for result in digest_many(_jobs(folder, database), workers=workers):
        rows: list[_Expected] = result.job.tag
        if result.status is DigestStatus.OK:
            _compare(rows, result, log)
        elif result.status is DigestStatus.MISSING:
            log.add("E092", rows[0][0], f"{rows[0][0]} went away")
        else:
            log.add("UNREADABLE", rows[0][0], result.reason)


def _jobs(folder: Path, database: InventoryDatabase) -> Iterator[DigestJob]:
    rows = database.execute(
        """
        SELECT path, algorithm, digest, code, source FROM expected
        WHERE path IN (SELECT path FROM disk) ORDER BY path"""
    )
    base = f"{folder}/"
    for path, group in groupby(rows, key=itemgetter(0)):
        expected = list(group)
        algorithms = tuple(dict.fromkeys(row[1] for row in expected))
        yield DigestJob(base + path, algorithms, expected)


def _compare(rows: list[_Expected], result: DigestResult, log: FindingLog) -> None:
    for path, algorithm, digest, code, source in rows:
        found = result.digests[algorithm]
        if found != digest:
            detail = f"{algorithm} of {path} is not what {source} says"
            log.add(code, path, detail, expected=digest, found=found)
