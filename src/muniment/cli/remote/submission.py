"""`muniment submission list|show` of an archive elsewhere."""

from __future__ import annotations

import argparse

from muniment.cli.console import Console
from muniment.cli.submission import show, show_list
from muniment.client import Client


def list_submissions(args: argparse.Namespace, console: Console, client: Client) -> int:
    """Print one page."""
    before = "" if args.before is None else str(args.before)
    show_list(
        client.submissions(verdicts=args.state, limit=args.limit, after=before).items, console
    )
    return 0


def show_submission(args: argparse.Namespace, console: Console, client: Client) -> int:
    """Print how far the run is."""
    show(client.submission(args.submission), console)
    return 0
