"""`muniment VERB …`: finds the module of the verb, parses, runs, maps errors to exit codes.

Only the chosen verb's module is imported, so `bag`, `ocfl`, `eark` and `identify` start without
Django. A verb's module has `SUMMARY`, `NEEDS_ARCHIVE`, and `configure(parser)`, which sets `run` as
the default of each leaf: `run(args, console) -> exit code`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

from muniment.cli.console import Console
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import InvalidPackage, MunimentError, Unavailable

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
    "user": "user",
    "openapi": "openapi",
    "job": "job",
    "migrate": "migrate",
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
    commands = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb in verbs:
        module = module_of(verb)
        sub = commands.add_parser(verb, help=module.SUMMARY, description=module.SUMMARY)
        module.configure(sub)
        sub.set_defaults(needs_archive=module.NEEDS_ARCHIVE)
    return parser


class _ShowVersion(argparse.Action):
    """Looks the version up only when asked: that costs a third of a short command's start."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"muniment {version('muniment')}\n")
        parser.exit()


def _verb_in(argv: Sequence[str]) -> list[str]:
    """Return the verb alone when it is a known one, all verbs otherwise (help, a wrong word)."""
    first = next((word for word in argv if not word.startswith("-")), "")
    return [first] if first in VERBS else list(VERBS)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (DESIGN §6)."""
    words = list(sys.argv[1:] if argv is None else argv)
    args = build_parser(_verb_in(words)).parse_args(words)
    console = Console(as_json=getattr(args, "json", False), quiet=getattr(args, "quiet", False))
    try:
        if args.needs_archive:
            from muniment.site.bootstrap import open_archive

            open_archive(warm_tools=getattr(args, "runs_steps", False))
        with system_errors():
            code: int = args.run(args, console)
    except MunimentError as exc:
        return _report(exc, console)
    except BrokenPipeError:
        # The reader of our output has seen enough (`| head`); Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        console.say("Stopped. What was under way goes on with the next worker.")
        return 3
    return code


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
        raise Unavailable(f"the database does not answer: {exc}; try again") from exc


def _is_database_error(exc: Exception) -> bool:
    from django.db import InterfaceError, OperationalError

    return isinstance(exc, (OperationalError, InterfaceError))


def _report(exc: MunimentError, console: Console) -> int:
    findings = exc.findings if isinstance(exc, InvalidPackage) else ()
    if console.as_json:
        error = {
            "code": exc.code,
            "message": str(exc),
            "findings": [finding.as_json() for finding in findings],
        }
        console.document({"error": error})
    else:
        sys.stderr.write(f"muniment: {exc}\n")
    return exc.exit


if __name__ == "__main__":
    sys.exit(main())
