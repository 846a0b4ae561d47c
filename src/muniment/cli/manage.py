"""`muniment manage …`: the framework's own commands, `makemigrations` among them."""

from __future__ import annotations

import argparse

from muniment.cli.console import Console

SUMMARY = "Run a command of the web framework (makemigrations, showmigrations, …)"
NEEDS_ARCHIVE = False


def configure(parser: argparse.ArgumentParser) -> None:
    """Take all words as they are."""
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="WORD", help="as they are")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, console: Console) -> int:  # noqa: ARG001  # one shape for all verbs
    """Hand over to the framework."""
    from django.core.management import execute_from_command_line

    from muniment.site.bootstrap import set_up_framework

    set_up_framework()
    execute_from_command_line(["muniment manage", *args.words])
    return 0
