"""`muniment object rights`: what its PREMIS rights say, and stating them."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from muniment.cli.arguments import add_leaf, with_dry_run
from muniment.cli.console import Console
from muniment.cli.object_showing import found_entity
from muniment.cli.tables import plain
from muniment.runtime.errors import InvalidArgument

_TEXTS = {"rights_id", "basis", "terms", "jurisdiction", "act", "starts_at", "ends_at"}
_LISTS = {"notes", "restrictions"}


def configure(leaves: Any) -> None:  # noqa: ANN401  # argparse keeps this type private
    """Add the leaf."""
    leaf = add_leaf(leaves, "rights", "show or state its PREMIS rights", run)
    leaf.add_argument("object", metavar="ID", help="object, or what others call it")
    leaf.add_argument(
        "--set",
        metavar="FILE",
        help="JSON list of rights statements, as --json shows them, instead of those there are; "
        "- for standard input",
    )
    with_dry_run(leaf)


def run(args: argparse.Namespace, console: Console) -> int:
    """Print the rights of the newest version, after stating them where a file is named."""
    from muniment.catalogue.queries.history import rights_of

    entity = found_entity(args)
    rights = [each.as_json() for each in rights_of(entity, entity.head)]
    if args.set:
        wanted = _read(args.set)
        rights = _state(str(entity.object_id), wanted, entity.head, is_dry=args.dry_run) or wanted
    if console.as_json:
        console.document({"object_id": str(entity.object_id), "rights": rights})
        return 0
    if not rights:
        console.line("No rights are stated. State them with --set FILE")
    for each in rights:
        _show(each, console)
    return 0


def _show(statement: Mapping[str, Any], console: Console) -> None:
    console.line(f"{plain(statement['basis'])}: {plain(str(statement.get('terms', '')))}")
    for granted in statement.get("granted", ()):
        words = [granted["act"], *granted.get("restrictions", ())]
        for name, key in (("from", "starts_at"), ("until", "ends_at")):
            words += [f"{name} {granted[key]}"] if granted.get(key) else []
        console.line("  " + plain(", ".join(words)))


def _state(
    object_id: str, wanted: Sequence[Mapping[str, Any]], head: int, *, is_dry: bool
) -> list[dict[str, Any]]:
    """Seal them, and return what there is now; nothing when it is only tried."""
    from muniment.catalogue.models import IntellectualEntity
    from muniment.catalogue.queries.history import rights_of
    from muniment.catalogue.services.rights import Stated, check_rights, state_rights
    from muniment.information.identifiers import ObjectId
    from muniment.runtime.home import ArchiveHome
    from muniment.runtime.registry import adapter_of
    from muniment.site.bootstrap import local_administrator
    from muniment.storage.jobs import open_archive
    from muniment.work import outbox

    stated = [Stated.of(each) for each in wanted]
    check_rights(stated)
    if is_dry:
        return []
    with tempfile.TemporaryDirectory(prefix="rights-", dir=adapter_of(ArchiveHome).work) as work:
        state_rights(
            ObjectId(object_id),
            stated,
            seen=head,
            actor=local_administrator(),
            archive=open_archive(),
            work=Path(work),
        )
    outbox.drain()
    entity = IntellectualEntity.objects.get(object_id=object_id)
    return [each.as_json() for each in rights_of(entity, entity.head)]


def _read(name: str) -> list[dict[str, Any]]:
    """Read the file; raises InvalidArgument with the place of the first fault."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        document = json.loads(text)
    except (OSError, ValueError, RecursionError) as exc:
        raise InvalidArgument(f"{name} cannot be read as JSON: {exc}") from exc
    if isinstance(document, dict) and "rights" in document:
        document = document["rights"]  # what `--json` shows
    if not isinstance(document, list):
        raise InvalidArgument(f"{name} is no list of rights statements")
    for number, each in enumerate(document, 1):
        _check_types(each, "basis", f"{name}: statement {number}")
        for place, granted in enumerate(each.get("granted", ()), 1):
            _check_types(granted, "act", f"{name}: statement {number}, act {place}")
    return document


def _check_types(said: object, needed: str, place: str) -> None:
    if not isinstance(said, dict) or not isinstance(said.get(needed), str):
        raise InvalidArgument(f"{place} needs a text “{needed}”")
    for key, value in said.items():
        is_right = isinstance(value, str) if key in _TEXTS else isinstance(value, list)
        if key in _LISTS:
            is_right = isinstance(value, list) and all(isinstance(each, str) for each in value)
        if not is_right:
            raise InvalidArgument(f"{place}: “{key}” is of a wrong type")
