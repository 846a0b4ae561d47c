"""`muniment VERB …`: finds the module of the verb, parses, runs, maps errors to exit codes.

Only the chosen verb's module is imported, so `bag`, `ocfl`, `eark` and `identify` start without
Django. A verb's module has `SUMMARY`, `NEEDS_ARCHIVE`, and `configure(parser)`, which sets `run` as
the default of each leaf: `run(args, console) -> exit code`. The audit trail tells what it asks of
the policy; a verb that passes the policy by says `ASKS_NOBODY` and is told by its name. One that
does the work of jobs says `RUNS_JOBS`, and lets the site go first.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from types import ModuleType

from muniment.cli.arguments import Run, leaves_of, with_verbosity
from muniment.cli.console import Console
from muniment.cli.deeds import outcome_of, unit_of
from muniment.runtime.deeds import Asked, Unit, unit_of_work
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import InvalidPackage, MunimentError, NoSpace, Unavailable
from muniment.runtime.priority import step_back

VERBS = {
    "bag": "bag",
    "ocfl": "ocfl",
    "eark": "eark",
    "identify": "identify",
    "init": "init",
    "check": "check",
    "demo": "demo",
    "ingest": "ingest",
    "submission": "submission",
    "quarantine": "quarantine",
    "object": "object",
    "search": "search",
    "fixity": "fixity",
    "recover": "recover",
    "rebuild": "rebuild",
    "pipeline": "pipeline",
    "schedule": "schedule",
    "worker": "worker",
    "web": "web",
    "serve": "serve",
    "user": "user",
    "group": "group",
    "webhook": "webhook",
    "audit": "audit",
    "openapi": "openapi",
    "job": "job",
    "queue": "queue",
    "migrate": "migrate",
    "shell": "shell",
    "manage": "manage",
    "completion": "completion",
}
"""Verb -> module of this package."""


def module_of(verb: str) -> ModuleType:
    """Import the module of one verb."""
    return import_module(f"muniment.cli.{VERBS[verb]}")


def build_parser(verbs: Sequence[str]) -> argparse.ArgumentParser:
    """Build the parser with the full arguments of `verbs`."""
    parser = argparse.ArgumentParser(
        prog="muniment", description="Digital preservation: packages in, proven archival objects."
    )
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="show it and exit")
    parser.add_argument(
        "--server",
        default="",
        metavar="URL",
        help="the archive at this address, over its API, with the token in MUNIMENT_TOKEN",
    )
    commands = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb in verbs:
        module = module_of(verb)
        sub = commands.add_parser(verb, help=module.SUMMARY, description=module.SUMMARY)
        module.configure(sub)
        for name, leaf in leaves_of(sub):
            with_verbosity(leaf)
            leaf.set_defaults(unit=partial(unit_of, name.partition(" ")[2], leaf))
        sub.set_defaults(
            needs_archive=module.NEEDS_ARCHIVE,
            needs_tables=getattr(module, "NEEDS_TABLES", True),
            asks_nobody=getattr(module, "ASKS_NOBODY", False),
            runs_jobs=getattr(module, "RUNS_JOBS", False),
        )
    return parser


class _ShowVersion(argparse.Action):
    """Looks the version up only when asked: that costs a third of a short command's start."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"muniment {version('muniment')}\n")
        parser.exit()


def _verb_in(argv: Sequence[str]) -> list[str]:
    """Return the verb alone when it is a known one, all verbs otherwise (help, a wrong word)."""
    words = list(argv)
    while words and words[0].startswith("-"):
        words = words[2 if words[0] == "--server" else 1 :]
    first = words[0] if words else ""
    return [first] if first in VERBS else list(VERBS)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (DESIGN §6)."""
    words = list(sys.argv[1:] if argv is None else argv)
    args = build_parser(_verb_in(words)).parse_args(words)
    if args.runs_jobs and argv is None:  # the process is this command, and no tool is started yet
        step_back()
    console = Console(as_json=getattr(args, "json", False), quiet=getattr(args, "quiet", False))
    code = 0
    try:
        code, error = _run(args, console)
        if error is not None:
            _report(error, console)
        sys.stdout.flush()  # here, for at exit Python would complain itself
    except BrokenPipeError:
        # The reader of our output has seen enough (`| head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _run(args: argparse.Namespace, console: Console) -> tuple[int, MunimentError | None]:
    """Run the command; return its exit code, and what is to be told of its end."""
    try:
        with system_errors(), _opened(args) as unit:
            code = _runner(args)(args, console)
            unit.outcome = outcome_of(code)
            return code, None
    except MunimentError as exc:
        return exc.exit, exc
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        console.say("Stopped. What was under way goes on with the next worker.")
        return 3, None
    except Exception as exc:  # noqa: BLE001  # the outermost frame: people get a sentence
        return MunimentError.exit, _own_fault(exc)


def _runner(args: argparse.Namespace) -> Run:
    """Return what runs the command: here, or by asking a server."""
    if not args.server:
        run: Run = args.run
        return run
    from muniment.cli.remote import run_remote

    return run_remote


def _own_fault(exc: Exception) -> MunimentError:
    """Make a sentence of what nobody foresaw; the story is in the log that `-v` shows."""
    import logging

    logging.getLogger("muniment").info("a fault of our own", exc_info=exc)
    return MunimentError(
        f"this is a fault of Muniment itself ({type(exc).__name__}: {' '.join(str(exc).split())}); "
        "please report it with what `-v` tells more"
    )


@contextmanager
def _opened(args: argparse.Namespace) -> Iterator[Unit]:
    """Configure the log and open the archive, where the command needs one; end its helpers.

    What the command then asks of services goes into the audit trail.
    """
    unit: Unit = args.unit(args)
    if args.server or not args.needs_archive:
        if _is_asked_for_log(args):  # else the module is not even loaded: short commands are short
            _configure_logs(args, "warning", as_json=False)
        yield unit
        return
    from muniment.ingest.tools import Tools
    from muniment.runtime.registry import adapter_of
    from muniment.runtime.settings import settings
    from muniment.site.bootstrap import local_administrator, open_archive

    found = settings()
    _configure_logs(args, found.log_level, as_json=found.log_format == "json")
    open_archive(warm_tools=getattr(args, "runs_steps", False), needs_tables=args.needs_tables)
    with adapter_of(Tools), unit_of_work(unit):
        if args.asks_nobody:
            unit.note(Asked(local_administrator(), f"command.{args.verb}", "", is_allowed=True))
        yield unit


def _is_asked_for_log(args: argparse.Namespace) -> bool:
    return bool(getattr(args, "quiet", False) or getattr(args, "verbose", 0))


def _configure_logs(args: argparse.Namespace, level: str, *, as_json: bool) -> None:
    """Log what the settings say, unless `-q` or `-v` asks for less or more."""
    from muniment.runtime.logs import configure_logs

    asked = ("info", "debug")[min(args.verbose, 2) - 1] if getattr(args, "verbose", 0) else level
    configure_logs("error" if getattr(args, "quiet", False) else asked, as_json=as_json)


@contextmanager
def system_errors() -> Iterator[None]:
    """Turn a database or disk that fails under a command into a sentence instead of a traceback."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as exc:
        with storage_errors(str(exc.filename or "a file")):
            raise
    except Exception as exc:
        # Only a command that opened the archive has imported Django.
        if "django.db" not in sys.modules or not _is_database_error(exc):
            raise
        if _is_full(exc.__cause__):
            raise NoSpace("no space left for the database; free some and try again") from exc
        said = " ".join(str(exc).split())  # a server's words come on several lines
        raise Unavailable(
            f"the database does not answer: {said}{_file_of_database()}; try again, "
            "`muniment check` tells more"
        ) from exc


def _file_of_database() -> str:
    """Return where the database lies, in parentheses; a server names itself in its words."""
    from django.db import connection

    return f" ({connection.settings_dict['NAME']})" if connection.vendor == "sqlite" else ""


def _is_database_error(exc: Exception) -> bool:
    """Say whether the database, not the statement, is at fault."""
    from django.db import DatabaseError, InterfaceError, OperationalError

    # What is no database, or is damaged, has no class of its own.
    return isinstance(exc, (OperationalError, InterfaceError)) or type(exc) is DatabaseError


def _is_full(cause: BaseException | None) -> bool:
    """Say whether the database found its disk full: SQLITE_FULL, or PostgreSQL's disk_full."""
    name = getattr(cause, "sqlite_errorname", "") or getattr(cause, "sqlstate", "")
    return name in {"SQLITE_FULL", "53100"}


def _report(exc: MunimentError, console: Console) -> None:
    findings = exc.findings if isinstance(exc, InvalidPackage) else ()
    if console.as_json:
        error = {
            "code": exc.code,
            "message": str(exc),
            "findings": [finding.as_json() for finding in findings],
        }
        console.document({"error": error})
    else:
        console.complain(str(exc))


if __name__ == "__main__":
    sys.exit(main())
