"""An archive whose commands run in the test's own process: the same answers, without a start."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.archives import DEFAULT_TIMEOUT_S, Answer, Archive


@dataclass(frozen=True, slots=True)
class OpenArchive(Archive):
    """Like `Archive`, but `run` calls `main`; `start` and `apart` still make processes.

    While a command runs, this process has the archive's environment, folder and database.
    """

    @property
    def apart(self) -> Archive:
        """The same archive with commands in processes of their own."""
        return Archive(self.home, self.database)

    def run(
        self,
        *words: str | Path,
        timeout_s: float = DEFAULT_TIMEOUT_S,  # noqa: ARG002  # pytest's own limit holds here
        stdin: str = "",
        **environment: str,
    ) -> Answer:
        """Run `muniment WORDS` to its end; `environment` adds variables to its own."""
        from muniment.cli.main import main

        out, err = io.BytesIO(), io.BytesIO()
        with self.entered(**environment), _streams(out, err, stdin):
            try:
                code = main([str(word) for word in words])
            except SystemExit as exc:  # argparse ends so
                code = exc.code if isinstance(exc.code, int) else 1
        return Answer(code, _text(out), _text(err))

    @contextlib.contextmanager
    def entered(self, **environment: str) -> Iterator[None]:
        """Give this process the archive's environment, folder and database for a while."""
        wanted = self.environment(**environment)
        kept, folder = dict(os.environ), Path.cwd()
        os.environ.clear()
        os.environ.update(wanted)
        os.chdir(self.home.parent)
        try:
            with _database():
                yield
        finally:
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(kept)
            _forget_settings()


def muniment(*words: str | Path) -> Answer:
    """Run a command that needs no archive in this process."""
    from muniment.cli.main import main

    out, err = io.BytesIO(), io.BytesIO()
    with _streams(out, err):
        code = main([str(word) for word in words])
    return Answer(code, _text(out), _text(err))


def _text(stream: io.BytesIO) -> str:
    return stream.getvalue().decode("utf-8", "backslashreplace")


@contextlib.contextmanager
def _streams(out: io.BytesIO, err: io.BytesIO, stdin: str = "") -> Iterator[None]:
    """Catch what is written; a wrapper each, for commands ask for `isatty` and `buffer`."""
    written = io.TextIOWrapper(out, encoding="utf-8", errors="strict")
    said = io.TextIOWrapper(err, encoding="utf-8", errors="backslashreplace")
    kept = sys.stdin
    with contextlib.redirect_stdout(written), contextlib.redirect_stderr(said):
        sys.stdin = io.StringIO(stdin)
        try:
            yield
        finally:
            sys.stdin = kept
    for wrapper in (written, said):
        wrapper.detach()  # flushes; closing it would close what the caller reads


def _forget_settings() -> None:
    from muniment.runtime.settings import settings

    settings.cache_clear()


@contextlib.contextmanager
def _database() -> Iterator[None]:
    """Point the framework at the database that the settings name, then back."""
    from django.db import connections

    from muniment.runtime.errors import InvalidSettings
    from muniment.site.settings import databases

    _forget_settings()
    row = connections.settings["default"]
    kept = dict(row)
    connections["default"].close()
    with contextlib.suppress(InvalidSettings):  # wrong settings are for the command to complain of
        row.update(databases()["default"])
    if "OPTIONS" in row and "init_command" in row["OPTIONS"]:
        init = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"  # no power cut in a test
        row["OPTIONS"] = row["OPTIONS"] | {"init_command": init}
    _forget_settings()
    try:
        yield
    finally:
        connections["default"].close()
        row.clear()
        row.update(kept)
