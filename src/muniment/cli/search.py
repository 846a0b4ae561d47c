"""`muniment search QUERY`: find objects by words and fields."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from muniment.catalogue import documents
from muniment.cli.console import Console
from muniment.cli.tables import plain, size, time

if TYPE_CHECKING:
    from muniment.catalogue.search.types import SearchPage

SUMMARY = 'Find objects: words, "phrases", begin*, field:value, -not'
NEEDS_ARCHIVE = True
_SORTS = ["relevance", "newest", "oldest", "modified", "largest", "smallest"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "query",
        nargs="*",
        metavar="QUERY",
        help="for example: harbour format:fmt/43 tag:maps size:>1MB date:2026-01..2026-03 "
        "outcome:fail source:local -draft (write -- before a query that begins with -)",
    )
    parser.add_argument(
        "--facets",
        nargs="?",
        const="format,source,tag,outcome",
        default="",
        metavar="FIELDS",
        help="count the values of these fields (format,source,tag,outcome)",
    )
    parser.add_argument(
        "--sort", choices=_SORTS, default="relevance", metavar="ORDER", help=", ".join(_SORTS)
    )
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="most hits (20)")
    parser.add_argument("--after", default="", metavar="CURSOR", help="go on behind this")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, console: Console) -> int:
    """Print one page of hits; exit 0 also when there are none."""
    from muniment.catalogue.adapters.search import search_index
    from muniment.catalogue.queries.search import search
    from muniment.catalogue.search.types import SearchQuery, Sort
    from muniment.site.bootstrap import local_administrator
    from muniment.work import outbox

    outbox.drain()  # what another command changed just now is to be found
    facets = tuple(name for name in args.facets.split(",") if name)
    options = SearchQuery(sort=Sort(args.sort), limit=args.limit, after=args.after, facets=facets)
    page = search(
        local_administrator(), " ".join(args.query), index=search_index(), options=options
    )
    show(_document(page), console)
    return 0


def _document(page: SearchPage) -> dict[str, object]:
    return {
        "total": page.total,
        "hits": [documents.hit(each) for each in page.hits],
        "facets": documents.facets(page),
        "next": page.next or None,
    }


def show(found: Mapping[str, Any], console: Console) -> None:
    """Print a page of hits with counts."""
    if console.as_json:
        console.document(found)
        return
    if not found["hits"]:
        console.line(
            "Nothing is like that. Fewer words find more; `muniment object list` lists all."
        )
    for hit in found["hits"]:
        console.line(plain(hit["title"] or "(no title)"))
        console.line(
            f"  {hit['object_id']}  {time(datetime.fromisoformat(hit['archived_at']))}  "
            f"{hit['file_count']} files  {size(hit['size_bytes'])}"
        )
        for piece in hit["highlights"]:
            console.line(f"  {plain(' '.join(piece.split()))}")
    for field, counts in found["facets"].items():
        listed = ", ".join(f"{plain(each['value'])} ({each['count']})" for each in counts[:20])
        console.line(f"{field}: {listed or '-'}")
    console.say(f"{found['total']} found")
    if found["next"]:
        console.say(f"There is more: --after {found['next']}")
