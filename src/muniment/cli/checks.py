"""The checks of `muniment check`, each a function that yields what it saw."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from muniment.runtime.errors import InvalidSettings, MunimentError
from muniment.runtime.home import ArchiveHome
from muniment.runtime.settings import settings

_RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
_TOOLS = (
    ("exiftool", ["-ver"], "apt install libimage-exiftool-perl: more technical metadata"),
    ("ffprobe", ["-version"], "apt install ffmpeg: checks audio and video streams"),
    ("clamscan", ["--version"], "apt install clamav: without it nothing is scanned for malware"),
    ("bwrap", ["--version"], "apt install bubblewrap: isolates the tools that read content"),
)


@dataclass(frozen=True, slots=True)
class Check:
    """One line: level `ok`, `advice` or `error`, what was seen, and what to do."""

    name: str
    level: str
    said: str
    advice: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the members for `--json`."""
        return asdict(self)


def run_checks(home: ArchiveHome) -> Iterator[Check]:
    """Yield every check; a broken configuration ends them, as nothing else can be asked."""
    try:
        settings()
    except InvalidSettings as exc:
        for name, said in exc.problems.items():
            yield Check("configuration", "error", f"{name}: {said}", f"mend {home.settings_file}")
        return
    yield Check("configuration", "ok", f"home {home.path}")
    if not home.storage_root.is_dir():
        yield Check("archive", "error", "there is no archive here", "muniment init")
        return
    for check in _CHECKS:
        yield from _guarded(check, home)


def _guarded(check: Callable[[ArchiveHome], Iterator[Check]], home: ArchiveHome) -> Iterator[Check]:
    name = check.__name__.removeprefix("_")
    try:
        yield from check(home)
    except (MunimentError, OSError) as exc:
        yield Check(name, "error", str(exc))


def _disk(home: ArchiveHome) -> Iterator[Check]:
    free = shutil.disk_usage(home.path).free
    reserve = settings().disk_reserve_bytes
    said = f"{free / 2**30:.1f} GiB free, {reserve / 2**30:.1f} GiB kept in reserve"
    if free <= reserve:
        yield Check("disk", "error", said, "free some space: new work is refused")
    elif free < 2 * reserve:
        yield Check("disk", "advice", said, "space is getting short")
    else:
        yield Check("disk", "ok", said)


def _storage(home: ArchiveHome) -> Iterator[Check]:
    for place in (home.storage_root, home.work, home.ledger, home.quarantine):
        place.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=home.work, prefix="check-"):
            pass
        if not os.access(place, os.W_OK):
            yield Check("storage", "error", f"{place} cannot be written", "mend its permissions")
    same = home.work.stat().st_dev == home.storage_root.stat().st_dev
    advice = "" if same else "put both on one file system: sealing then needs no copying"
    yield Check("storage", "ok" if same else "advice", str(home.storage_root), advice)


def _database(_home: ArchiveHome) -> Iterator[Check]:
    from muniment.site.bootstrap import set_up_framework

    set_up_framework()
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        with connection.cursor() as cursor:
            sql = (
                "SELECT version()"
                if settings().database
                else "SELECT 'SQLite ' || sqlite_version()"
            )
            cursor.execute(sql)
            version = cursor.fetchone()[0]
    except DatabaseError as exc:
        yield Check("database", "error", str(exc).strip(), "is the server up, the address right?")
        return
    if missing:
        yield Check("database", "error", f"{len(missing)} migrations missing", "muniment migrate")
    else:
        yield Check("database", "ok", version.split(" on ")[0])


def _clock(home: ArchiveHome) -> Iterator[Check]:
    now = datetime.now(UTC)
    with tempfile.NamedTemporaryFile(dir=home.work, prefix="check-") as probe:
        there = datetime.fromtimestamp(Path(probe.name).stat().st_mtime, UTC)
    apart_s = abs((there - now).total_seconds())
    if now < _RELEASED:
        yield Check("clock", "error", f"{now:%Y-%m-%d %H:%MZ} is before this release", "set it")
    elif apart_s > 5:
        yield Check("clock", "advice", f"storage is {apart_s:.0f} s apart", "run NTP on both")
    else:
        yield Check("clock", "ok", f"{now:%Y-%m-%d %H:%M:%SZ}")


def _isolation(_home: ArchiveHome) -> Iterator[Check]:
    from muniment.runtime.contained import isolation_level

    level = str(isolation_level())
    advice = "" if level == "bwrap" else "apt install bubblewrap: no network for tools"
    yield Check("isolation", "advice" if advice else "ok", level, advice)


def _tools(_home: ArchiveHome) -> Iterator[Check]:
    for name, arguments, advice in _TOOLS:
        command = shutil.which(name)
        if command is None:
            yield Check(name, "advice", "not installed", advice)
            continue
        done = subprocess.run(  # noqa: S603  # a tool of our own table, no user's words
            [command, *arguments], capture_output=True, text=True, timeout=60, check=False
        )
        first = (done.stdout or done.stderr).strip().partition("\n")[0]
        yield Check(name, "ok", first[:60])


def _scanner(_home: ArchiveHome) -> Iterator[Check]:
    from muniment.ingest.adapters import find_scanner

    scanner = find_scanner(settings())
    if scanner is None:
        yield Check("virus check", "advice", "no scanner: packages are not scanned")
        return
    problem = scanner.problem()
    if problem:
        yield Check("virus check", "error", problem, "run freshclam")
    else:
        yield Check("virus check", "ok", f"{scanner.name} {scanner.version()}")


def _fetching(_home: ArchiveHome) -> Iterator[Check]:
    from muniment.connectors.web import AllowedHosts

    hosts = settings().fetch_hosts
    AllowedHosts(hosts)
    said = f"files of fetch.txt from: {', '.join(hosts)}" if hosts else "nothing is fetched"
    yield Check("fetching", "ok", said)


def _libraries(_home: ArchiveHome) -> Iterator[Check]:
    from importlib.metadata import version

    for name in ("pygfried", "pillow", "pikepdf", "pypdfium2", "jpylyzer", "pymediainfo", "lxml"):
        yield Check(name, "ok", version(name))


_CHECKS = (
    _disk,
    _storage,
    _database,
    _clock,
    _isolation,
    _tools,
    _scanner,
    _fetching,
    _libraries,
)
