"""`muniment job` of an archive elsewhere."""

from __future__ import annotations

import argparse

from muniment.cli.console import Console
from muniment.cli.job import line_of, show, show_list
from muniment.client import Client, Document


def run_list(args: argparse.Namespace, console: Console, client: Client) -> int:
    """Print one page."""
    after = "" if args.after is None else str(args.after)
    page = client.jobs(
        states=args.state, limit=args.limit, after=after, kind=args.kind, queue=args.queue
    )
    following = page.items[-1]["id"] if len(page.items) == args.limit else None
    show_list(page.items, following, console)
    return 0


def run_show(args: argparse.Namespace, console: Console, client: Client) -> int:
    """Print everything about one job."""
    show(client.job(args.job), console)
    return 0


def run_retry(args: argparse.Namespace, console: Console, client: Client) -> int:
    """Queue it again."""
    return _changed(client.retry(args.job), console)


def run_cancel(args: argparse.Namespace, console: Console, client: Client) -> int:
    """Cancel it."""
    return _changed(client.cancel(args.job), console)


def run_release(args: argparse.Namespace, console: Console, client: Client) -> int:
    """Let it go on."""
    return _changed(client.release(args.job, choice=args.choice), console)


def _changed(job: Document, console: Console) -> int:
    if console.as_json:
        console.document(job | {"dry_run": False})
    else:
        console.line(line_of(job))
    return 0
