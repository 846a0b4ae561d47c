"""Comparing what the ledger says was sealed with what storage has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from muniment.catalogue.models import IntellectualEntity, Version
from muniment.catalogue.services.rebuild_problems import Problems
from muniment.runtime.errors import CorruptObject
from muniment.storage.ledger.records import LedgerRecord
from muniment.storage.sealings import MEMBER

_BATCH = 400  # so that all parameters fit into one statement of SQLite

_Sealed = tuple[str, int, str]
"""Object, number, SHA-512 of the inventory."""


def compare_sealings(records: Iterable[LedgerRecord], problems: Problems) -> Iterator[LedgerRecord]:
    """Hand the records on, and note each version that is lost or is not the one that was sealed.

    An inventory and its sidecar may be exchanged together; the ledger has its digest too.
    """
    waiting: list[_Sealed] = []
    for record in records:
        sealed = _sealed_by(record)
        if sealed is not None:
            waiting.append(sealed)
        if len(waiting) == _BATCH:
            _compare(waiting, problems)
            waiting = []
        yield record
    _compare(waiting, problems)


def _sealed_by(record: LedgerRecord) -> _Sealed | None:
    said = record.payload.get(MEMBER)
    if not isinstance(said, Mapping):
        return None
    number, sha512 = said.get("version"), said.get("inventory_sha512")
    if not isinstance(number, int) or not isinstance(sha512, str):
        return None  # who makes the rows of it tells that
    return record.object_id, number, sha512


def _compare(sealed: Sequence[_Sealed], problems: Problems) -> None:
    ids = {object_id for object_id, _, _ in sealed}
    rows = Version.objects.filter(
        entity__object_id__in=ids, number__in={number for _, number, _ in sealed}
    ).values_list("entity__object_id", "number", "inventory_sha512")
    found = {(str(object_id), number): bytes(sha512).hex() for object_id, number, sha512 in rows}
    heads = IntellectualEntity.objects.filter(object_id__in=ids).values_list("object_id", "head")
    known = {str(object_id): head for object_id, head in heads}
    for object_id in problems.of_objects():
        known.pop(object_id, None)  # why it lacks versions is told
    for object_id, number, sha512 in sealed:
        here = found.get((object_id, number))
        if here is None and object_id in known:
            _note(
                problems, object_id, f"version {number} was sealed; storage has {known[object_id]}"
            )
        elif here is not None and here != sha512:
            _note(
                problems,
                object_id,
                f"version {number} is not the one that was sealed: its inventory has the SHA-512"
                f" {here}, the ledger says {sha512}",
            )


def _note(problems: Problems, object_id: str, reason: str) -> None:
    problems.note_object(object_id, CorruptObject(reason))
