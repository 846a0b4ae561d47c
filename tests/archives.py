"""A real archive for a test: a home, a database, and commands that run as child processes."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from muniment.cli.main import main
from tests.forked import Ended, executed, forked, may_fork
from tests.ingest.signatures import a_signature_database

DEFAULT_TIMEOUT_S = 120
_READ_AT_A_START = frozenset({"PYTHONPATH", "LD_PRELOAD"})


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401  # a document of any shape
        """Parse standard output as one JSON document."""
        return json.loads(self.out)

    def json_lines(self) -> list[Any]:
        """Parse standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that was initialised; `database` is empty (SQLite) or a PostgreSQL URL."""

    home: Path
    database: str = ""

    @property
    def storage_root(self) -> Path:
        return self.home / "storage"

    @property
    def may_fork(self) -> bool:
        """Whether a command may be forked from this process."""
        return may_fork(self.home)

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a command of this archive."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("MUNIMENT_", "DJANGO_", "COV_", "PYTEST_"))
        }
        kept["MUNIMENT_HOME"] = str(self.home)
        # Debian's ClamAV comes without signatures; this database knows EICAR and nothing else.
        kept["MUNIMENT_CLAMAV_DATABASE"] = str(self.home.parent / "signatures")
        if self.database:
            kept["MUNIMENT_DATABASE"] = self.database
        return kept | more

    def command(self, *words: str | Path) -> list[str]:
        """Return the argument vector of `muniment WORDS`."""
        return [sys.executable, "-m", "muniment.cli.main", *map(str, words)]

    def run(
        self, *words: str | Path, timeout_s: float = DEFAULT_TIMEOUT_S, **environment: str
    ) -> Answer:
        """Run `muniment WORDS` to its end; `environment` adds variables to its own."""
        done = self.run_apart(
            lambda: main([str(word) for word in words]),
            self.command(*words),
            environment,
            timeout_s,
        )
        return Answer(done.code, done.out, done.err)

    def run_apart(
        self,
        call: Callable[[], int],
        command: list[str],
        environment: Mapping[str, str],
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> Ended:
        """Make `call` in a forked process; where none may be, run `command`, which does it too."""
        whole = self.environment(**environment)
        if self.may_fork and not _READ_AT_A_START & environment.keys():
            return forked(call, environment=whole, folder=self.home.parent, timeout_s=timeout_s)
        return executed(command, environment=whole, folder=self.home.parent, timeout_s=timeout_s)

    def start(self, *words: str | Path, **environment: str) -> subprocess.Popen[bytes]:
        """Start `muniment WORDS` and return at once: for kill tests."""
        return subprocess.Popen(
            self.command(*words),
            env=self.environment(**environment),
            cwd=self.home.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def ingest(self, *paths: Path | str) -> list[dict[str, Any]]:
        """Ingest and return the submissions of the answer, whatever their verdicts."""
        found: list[dict[str, Any]] = self.run("ingest", *paths, "--json").json()["submissions"]
        return found

    def remove(self) -> None:
        """Drop the PostgreSQL database; the folder goes with the test's own."""
        if self.database:
            _administer(self.database, f'DROP DATABASE "{_name_of(self.database)}" WITH (FORCE)')


@dataclass(frozen=True, slots=True)
class ArchiveTemplate:
    """An initialised archive that nobody uses, to copy from: 20 ms each instead of 1 s."""

    archive: Archive

    def copy(self, home: Path) -> Archive:
        """Make another archive like this at `home`."""
        shutil.copytree(self.archive.home, home, symlinks=True)
        a_signature_database(home.parent / "signatures")
        if not self.archive.database:
            return Archive(home)
        name, template = f"archive_{uuid.uuid4().hex}", _name_of(self.archive.database)
        _administer(self.archive.database, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return Archive(home, self.archive.database.removesuffix(template) + name)

    def remove(self) -> None:
        """Drop its database."""
        self.archive.remove()


def make_template(folder: Path, server: str | None) -> ArchiveTemplate:
    """Run `muniment init` in `folder`; `server` is a PostgreSQL URL with `{}` for the database."""
    database = ""
    if server:
        name = f"template_{uuid.uuid4().hex}"
        database = server.format(name)
        _administer(database, f'CREATE DATABASE "{name}"')
    archive = Archive(folder / "home", database)
    a_signature_database(folder / "signatures")
    answer = archive.run("init")
    if answer.code:
        raise RuntimeError(f"muniment init failed ({answer.code}):\n{answer.err}")
    _put_off_schedules(archive)
    return ArchiveTemplate(archive)


def _put_off_schedules(archive: Archive) -> None:
    """Let no schedule fire while a test runs only because its hour has come."""
    row = "work_schedule SET next_run_at ="
    if archive.database:
        _run_in(archive.database, f"UPDATE {row} now() + interval '9 days'")
        return
    (database,) = archive.home.glob("*.sqlite3")
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute(f"UPDATE {row} datetime('now', '+9 days')")
        connection.commit()


def _name_of(url: str) -> str:
    return url.rpartition("/")[2]


def _administer(url: str, statement: str) -> None:
    _run_in(url.removesuffix(_name_of(url)) + "postgres", statement)


def _run_in(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())
