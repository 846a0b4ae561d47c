"""`muniment shell`: Python in the opened archive."""

from __future__ import annotations

import argparse

from muniment.cli.console import Console

SUMMARY = "Open Python in the archive, its tables loaded (input that is no terminal is run)"
NEEDS_ARCHIVE = True
ASKS_NOBODY = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--command", default="", metavar="CODE", help="run this and end")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, console: Console) -> int:
    """Hand over to the framework's shell; what it does there is the administrator's own deed."""
    from django.core.management import call_command

    console.say("What is written here passes no permission and no check: services are safer.")
    call_command("shell", command=args.command or None, verbosity=0)
    return 0
