"""`muniment search` of an archive elsewhere."""

from __future__ import annotations

import argparse

from muniment.cli.console import Console
from muniment.cli.search import show
from muniment.client import Client


def run(args: argparse.Namespace, console: Console, client: Client) -> int:
    """Print one page of hits; exit 0 also when there are none."""
    page = client.search(
        " ".join(args.query), limit=args.limit, after=args.after, sort=args.sort, facets=args.facets
    )
    found = {"total": page.rest["total"], "hits": page.items, "facets": page.rest["facets"]}
    show(found | {"next": page.next or None}, console)
    return 0
