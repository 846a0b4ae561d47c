"""`muniment object tag` of an archive elsewhere."""

from __future__ import annotations

import argparse

from muniment.cli.console import Console
from muniment.cli.object_changing import show_tags
from muniment.client import Client


def run_tag(args: argparse.Namespace, console: Console, client: Client) -> int:
    """Add and remove tags, and print what there are."""
    whole = client.one_object(args.object)
    tags = whole["tags"]
    if args.add or args.remove:
        tags = client.tag(whole["object_id"], add=args.add, remove=args.remove)
    show_tags(whole["object_id"], tags, console)
    return 0
