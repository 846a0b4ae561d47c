"""`muniment completion bash|zsh`: the script that completes commands in a shell."""

from __future__ import annotations

import argparse

from muniment.cli.arguments import leaves_of
from muniment.cli.console import Console

SUMMARY = "Print the completion script of a shell"
NEEDS_ARCHIVE = False
_PLACES = {"PATH", "FILE", "TARGET", "URI"}
"""What arguments that name files are called."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("shell", choices=["bash", "zsh"], help="which shell")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, console: Console) -> int:
    """Print the script; `eval "$(muniment completion bash)"` puts it to use."""
    import shtab

    from muniment.cli.main import VERBS, build_parser

    parser = build_parser(list(VERBS))
    for _, leaf in leaves_of(parser):
        for action in leaf._actions:
            if action.metavar in _PLACES:
                action.complete = shtab.FILE  # type: ignore[attr-defined]  # shtab reads it there
    console.text(str(shtab.complete(parser, shell=args.shell)).rstrip())
    return 0
