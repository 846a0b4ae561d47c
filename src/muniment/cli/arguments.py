"""What the commands' arguments have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import Any

from muniment.cli.console import Console

Run = Callable[[argparse.Namespace, Console], int]


def add_leaf(
    leaves: Any,  # noqa: ANN401  # argparse keeps the type of its sub-parsers private
    name: str,
    title: str,
    run: Run,
) -> argparse.ArgumentParser:
    """Add a command that prints data: its help, `--json`, and what runs it."""
    leaf: argparse.ArgumentParser = leaves.add_parser(name, help=title, description=title)
    leaf.set_defaults(run=run)
    return with_json(leaf)


def with_json(leaf: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add `--json`."""
    leaf.add_argument("--json", action="store_true", help="print one JSON document")
    return leaf


def with_dry_run(leaf: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add `--dry-run`, which every command that writes has."""
    leaf.add_argument(
        "--dry-run", action="store_true", help="change nothing, only say what it would"
    )
    return leaf


def with_verbosity(leaf: argparse.ArgumentParser) -> None:
    """Add `-q` and `-v`, unless the command hands all its words on."""
    if any(action.nargs == argparse.REMAINDER for action in leaf._actions):
        return
    said = leaf.add_mutually_exclusive_group()
    said.add_argument("-q", "--quiet", action="store_true", help="no messages, no progress")
    said.add_argument(
        "-v",
        "--verbose",
        action="count",
        default=0,
        help="log more to standard error; twice: all",
    )


def leaves_of(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Give each command that can be run, with its full name."""
    below = _parsers_below(parser)
    if not below:
        yield parser.prog, parser
    for one in below:
        yield from leaves_of(one)


def _parsers_below(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return list(dict.fromkeys(action.choices.values()))
    return []
