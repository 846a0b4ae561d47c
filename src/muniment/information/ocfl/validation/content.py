"""Checks the files of an object against all digests that its inventories give for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.digest_forms import FIXITY_ALGORITHMS
from muniment.information.ocfl.types import CONTENT_ALGORITHMS, INVENTORY
from muniment.information.ocfl.validation.facts import InventoryFacts
from muniment.information.ocfl.validation.log import FindingLog
from muniment.runtime.digest_pool import DigestJob, DigestResult, DigestStatus, digest_many


@dataclass(frozen=True, slots=True)
class Reading:
    """How content is read: not at all when quick, else by so many processes (None: every core)."""

    is_quick: bool = False
    workers: int | None = None


_MOST_OF_A_PATH = 1000

_Expected = tuple[str, str, str | None, str, str]
"""Path, algorithm, digest (None: any), code to tell, inventory that says so."""


def expect(database: InventoryDatabase, facts: InventoryFacts) -> None:
    """Add what the inventory in the plain tables says and nobody said before."""
    # Of an algorithm that OCFL does not allow, only the paths are looked at.
    digest = "lower(digest)" if facts.is_known_algorithm else "NULL"
    algorithm = facts.algorithm if facts.is_known_algorithm else CONTENT_ALGORITHMS[0]
    sql = f"SELECT path, :algorithm, {digest} FROM {database.manifest}"  # noqa: S608  # ours
    _add(database, sql, facts, "E092", algorithm)
    known = ", ".join(f"'{name}'" for name in sorted(FIXITY_ALGORITHMS))
    sql = f"""
        SELECT path, algorithm, lower(digest) FROM {database.fixity}
        WHERE algorithm IN ({known}) AND key > 0"""  # noqa: S608  # ours
    _add(database, sql, facts, "E093", algorithm)


def _add(
    database: InventoryDatabase, select: str, facts: InventoryFacts, code: str, algorithm: str
) -> None:
    values = {"algorithm": algorithm, "code": code, "source": facts.path}
    if facts.path != INVENTORY:
        select += " EXCEPT SELECT path, algorithm, digest FROM expected"
    database.execute(f"INSERT INTO expected SELECT *, :code, :source FROM ({select})", values)  # noqa: S608  # ours


def check_content(
    folder: Path, database: InventoryDatabase, root: InventoryFacts, log: FindingLog, how: Reading
) -> None:
    """Compare the files on the disk with what the inventories expect.

    Tells files that are missing (E092, E093) or too many (E023); reads every other file once and
    compares it with all of its digests, unless `how` is quick.
    """
    jobs = _jobs(f"{folder}/", database, root, log)
    if how.is_quick:
        for _ in jobs:
            pass
        return
    for result in digest_many(jobs, workers=how.workers):
        rows: list[_Expected] = result.job.tag
        if result.status is DigestStatus.OK:
            _compare(rows, result, log)
        elif result.status is DigestStatus.MISSING:
            log.add("E092", rows[0][0], f"{rows[0][0]} went away")
        else:
            log.add("UNREADABLE", rows[0][0], result.reason)


def _jobs(
    base: str, database: InventoryDatabase, root: InventoryFacts, log: FindingLog
) -> Iterator[DigestJob]:
    """Merge both lists, sorted by path: what is in one only is told, the rest is to be read."""
    disk = (path for (path,) in database.execute("SELECT path FROM disk ORDER BY path"))
    here = next(disk, None)
    rows = database.execute(
        "SELECT path, algorithm, digest, code, source FROM expected ORDER BY path, algorithm"
    )
    for path, group in groupby(rows, key=itemgetter(0)):
        while here is not None and here < path:
            log.add("E023", here)
            here = next(disk, None)
        # A path that is there again and again was told as E101.
        expected: list[_Expected] = list(islice(group, _MOST_OF_A_PATH))
        if here != path:
            _tell_missing(path, expected, root, log)
            continue
        if not any(row[3] == "E092" and row[4] == INVENTORY for row in expected):
            log.add("E023", path)
        yield DigestJob(base + path, tuple(dict.fromkeys(row[1] for row in expected)), expected)
        here = next(disk, None)
    while here is not None:
        log.add("E023", here)
        here = next(disk, None)


def _tell_missing(
    path: str, expected: list[_Expected], root: InventoryFacts, log: FindingLog
) -> None:
    if path not in root.faulty and not log.could_not_look_at(path):
        for code in sorted({row[3] for row in expected}):
            log.add(code, path, f"{path!r} is missing")


def _compare(rows: list[_Expected], result: DigestResult, log: FindingLog) -> None:
    for path, algorithm, digest, code, source in rows:
        found = result.digests[algorithm]
        if digest is not None and found != digest:
            detail = f"{algorithm} of {path} is not what {source} says"
            log.add(code, path, detail, expected=digest, found=found)
