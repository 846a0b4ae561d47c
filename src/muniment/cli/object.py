"""`muniment object …`: list, show and change what the archive keeps."""

from __future__ import annotations

import argparse
from typing import Any

from muniment.cli.arguments import add_leaf, with_dry_run

SUMMARY = "List, show, describe, tag, verify and export the objects of the archive"
NEEDS_ARCHIVE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the leaves."""
    from muniment.cli import object_changing, object_export, object_showing

    leaves = parser.add_subparsers(dest="leaf", metavar="COMMAND", required=True)
    listing = add_leaf(leaves, "list", "the objects, newest first", object_showing.run_list)
    _with_page(listing, 50)
    _showing(leaves)
    _changing(leaves)
    export = add_leaf(leaves, "export", "copy objects out of the archive", object_export.run)
    object_export.configure(export)
    verify = add_leaf(leaves, "verify", "re-read every byte now", object_changing.run_verify)
    _with_object(verify)


def _showing(leaves: Any) -> None:  # noqa: ANN401  # argparse keeps this type private
    from muniment.cli import object_showing

    show = _with_object(add_leaf(leaves, "show", "what one object is", object_showing.run_show))
    show.add_argument("--version", type=int, metavar="N", help="as it was in this version")
    history = add_leaf(
        leaves, "history", "its versions, and what happened since", object_showing.run_history
    )
    _with_page(_with_object(history), 100)
    diff = _with_object(
        add_leaf(leaves, "diff", "what changed between two versions", object_showing.run_diff)
    )
    diff.add_argument("old", type=int, nargs="?", metavar="OLD", help="default: the one before")
    diff.add_argument("new", type=int, nargs="?", metavar="NEW", help="default: the newest")
    events = _with_object(
        add_leaf(leaves, "events", "what happened to it", object_showing.run_events)
    )
    events.add_argument("--type", default="", metavar="TYPE", help="only of this PREMIS type")
    events.add_argument("--outcome", default="", metavar="WORD", help="only with this outcome")
    events.add_argument("--file", default="", metavar="FILE_ID", help="only about this file")
    _with_page(events, 100)
    files = _with_object(add_leaf(leaves, "files", "its files", object_showing.run_files))
    files.add_argument("--version", type=int, metavar="N", help="of this version")
    files.add_argument("--name", default="", metavar="TEXT", help="only with this in the path")
    _with_page(files, 100)


def _changing(leaves: Any) -> None:  # noqa: ANN401  # argparse keeps this type private
    from muniment.cli import object_changing, object_reading, object_rights

    object_reading.configure(leaves)
    object_rights.configure(leaves)
    describe = _with_object(
        add_leaf(leaves, "describe", "edit its Dublin Core", object_changing.run_describe)
    )
    for name, text in (
        ("--set", "replace every value of a term"),
        ("--add", "add a value; LANG as in term@fr=value"),
        ("--remove", "remove a value, or with TERM alone all of them"),
    ):
        describe.add_argument(
            name, action="append", default=[], metavar="TERM[@LANG]=VALUE", help=text
        )
    with_dry_run(describe)
    tag = _with_object(
        add_leaf(leaves, "tag", "show, add and remove tags", object_changing.run_tag)
    )
    tag.add_argument("--add", action="append", default=[], metavar="TAG", help="add it")
    tag.add_argument("--remove", action="append", default=[], metavar="TAG", help="remove it")
    with_dry_run(tag)


def _with_object(leaf: argparse.ArgumentParser) -> argparse.ArgumentParser:
    leaf.add_argument(
        "object", metavar="ID", help="UUID, urn:uuid:…, outside identifier, or the start of a UUID"
    )
    return leaf


def _with_page(leaf: argparse.ArgumentParser, limit: int) -> None:
    leaf.add_argument("--limit", type=int, default=limit, metavar="N", help=f"most rows ({limit})")
    leaf.add_argument("--after", default="", metavar="CURSOR", help="go on behind this")
