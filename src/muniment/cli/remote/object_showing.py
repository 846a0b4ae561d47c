"""`muniment object list|show` of an archive elsewhere."""

from __future__ import annotations

import argparse

from muniment.cli.console import Console
from muniment.cli.object_showing import checked_limit, show_list, show_whole
from muniment.client import Client


def run_list(args: argparse.Namespace, console: Console, client: Client) -> int:
    """Print a page of objects and what the archive holds in all."""
    page = client.objects(limit=checked_limit(args), after=args.after)
    every = client.statistics()
    shown = {"objects": every["objects"], "files": every["files"], "bytes": every["size_bytes"]}
    show_list(page.items, page.next, args, console, shown)
    return 0


def run_show(args: argparse.Namespace, console: Console, client: Client) -> int:
    """Print what an object is."""
    show_whole(client.one_object(args.object, version=args.version), console)
    return 0
