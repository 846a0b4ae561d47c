"""What `muniment check` asks of the archive: disk, storage, database, and the work that waits."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from muniment.cli.checks import Check
from muniment.runtime.home import ArchiveHome
from muniment.runtime.settings import settings

_KNOWN_ROOTS = {"0=ocfl_1.0", "0=ocfl_1.1"}
_LATE, _VERY_LATE = timedelta(hours=1), timedelta(days=3)
_OLDEST_POSTGRESQL = 15
_LEDGER_LOOKED_AT, _MOST_FINDINGS = timedelta(days=31), 5


def disk(home: ArchiveHome) -> Iterator[Check]:
    """Compare free space with the reserve."""
    free = shutil.disk_usage(home.path).free
    reserve = settings().disk_reserve_bytes
    said = f"{free / 2**30:.1f} GiB free, {reserve / 2**30:.1f} GiB kept in reserve"
    if free <= reserve:
        yield Check("disk", "error", said, "free some space: new work is refused")
    elif free < 2 * reserve:
        yield Check("disk", "advice", said, "space is getting short: free some, or get more")
    else:
        yield Check("disk", "ok", said)


def storage(home: ArchiveHome) -> Iterator[Check]:
    """Look whether every place is there and can be written, and what the root says it is."""
    for place in (home.storage_root, home.work, home.ledger, home.quarantine):
        if not place.is_dir():
            yield Check("storage", "error", f"{place} is not there", "muniment init makes it anew")
            return
        if not os.access(place, os.R_OK | os.W_OK | os.X_OK):
            yield Check("storage", "error", f"{place} cannot be written", "mend its permissions")
            return
    declared = {path.name for path in home.storage_root.glob("0=*")}
    if not declared or declared - _KNOWN_ROOTS:
        said = f"{home.storage_root} says of itself: {', '.join(sorted(declared)) or 'nothing'}"
        yield Check("storage", "error", said, "muniment ocfl validate tells what it is")
    elif home.work.stat().st_dev != home.storage_root.stat().st_dev:
        said = f"{home.storage_root} and {home.work} are on two file systems"
        yield Check("storage", "advice", said, "put both on one: sealing then needs no copying")
    else:
        yield Check("storage", "ok", str(home.storage_root))


def ledger(home: ArchiveHome) -> Iterator[Check]:
    """Read what was recorded lately: damage there hinders nobody, so somebody must be told."""
    from muniment.runtime.clock import SystemClock
    from muniment.runtime.findings import Finding, Severity
    from muniment.storage.adapters.local import open_root
    from muniment.storage.ledger import open_ledger

    findings: list[Finding] = []
    clock = SystemClock()
    since = (clock.now() - _LEDGER_LOOKED_AT).date()
    records = sum(
        1 for _ in open_ledger(home, open_root(home), clock).read(findings.append, since=since)
    )
    errors = [each for each in findings if each.severity is Severity.ERROR]
    for each in errors[:_MOST_FINDINGS]:
        said = f"{each.path}: {each.message}"
        yield Check("ledger", "error", said, "put it back from a copy; rebuild reads what is sound")
    if more := errors[_MOST_FINDINGS:]:
        yield Check("ledger", "error", f"and {len(more)} more faults", "muniment rebuild tells all")
    if not errors:
        days = _LEDGER_LOOKED_AT.days
        yield Check("ledger", "ok", f"{records} records of the last {days} days are sound")


def database(_home: ArchiveHome) -> Iterator[Check]:
    """Ask the database for its version and its tables."""
    from muniment.administration import policy
    from muniment.site.bootstrap import set_up_framework

    set_up_framework()
    policy.install()
    from django.db import DatabaseError, connection

    from muniment.site.tables import state_of_tables

    try:
        found = state_of_tables()
        version = _version()
    except DatabaseError as exc:
        said = " ".join(str(exc).split())
        yield Check("database", "error", said, "is the server up, the address right?")
        return
    # Only PostgreSQL's connection has it, as a number such as 150004.
    server_version: int = getattr(connection, "pg_version", _OLDEST_POSTGRESQL * 10_000)
    if server_version < _OLDEST_POSTGRESQL * 10_000:
        yield Check("database", "error", version, f"PostgreSQL {_OLDEST_POSTGRESQL} is needed")
    elif found.unknown:
        said = f"it was used by a newer Muniment: {', '.join(found.unknown)}"
        yield Check("database", "error", said, "upgrade this one")
    elif found.missing:
        said = f"{len(found.missing)} changes are missing"
        yield Check("database", "error", said, "muniment migrate")
    else:
        yield Check("database", "ok", version)


def _version() -> str:
    from django.db import connection

    is_server = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()" if is_server else "SELECT 'SQLite ' || sqlite_version()")
        said: str = cursor.fetchone()[0]
    return said.split(" on ", maxsplit=1)[0]


def work(_home: ArchiveHome) -> Iterator[Check]:
    """Look for jobs that wait for a person, and queues that were paused."""
    from muniment.runtime.actor import SYSTEM
    from muniment.work.queues import overview_of_queues
    from muniment.work.types import JobState

    queues = overview_of_queues(SYSTEM)
    held = sum(each.counts[JobState.HELD] for each in queues)
    waiting = sum(each.counts[JobState.QUEUED] for each in queues)
    paused = [each.name for each in queues if each.is_paused]
    if held:
        yield Check("work", "advice", f"{held} jobs are held", "muniment job list --state held")
    for name in paused:
        yield Check("work", "advice", f"queue {name} is paused", f"muniment queue resume {name}")
    if not held and not paused:
        yield Check("work", "ok", f"{waiting} jobs wait, none is held")


def schedules(_home: ArchiveHome) -> Iterator[Check]:
    """Look for schedules whose time has long come: nobody runs them."""
    from django.db.models.functions import Now

    from muniment.work.models import Schedule

    rows = Schedule.objects.filter(is_enabled=True).annotate(database_now=Now())
    late = [(each.name, each.database_now - each.next_run_at) for each in rows]
    late = [(name, by) for name, by in late if by > _LATE]
    for name, by in late:
        level = "error" if by > _VERY_LATE else "advice"
        said = f"{name} is {by.total_seconds() / 3600:.0f} hours late"
        yield Check("schedules", level, said, "no worker runs: muniment worker")
    if not late:
        yield Check("schedules", "ok", f"{len(rows)} in time")


def times(home: ArchiveHome) -> tuple[datetime, datetime]:
    """Return the time here and the time of the file system of the work area."""
    now = datetime.now(UTC)
    with tempfile.NamedTemporaryFile(dir=home.work, prefix="check-") as probe:
        return now, datetime.fromtimestamp(Path(probe.name).stat().st_mtime, UTC)
