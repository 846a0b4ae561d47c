"""The files of the ledger in order: what is sealed of a day, then what is open of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from heapq import merge
from pathlib import Path

from muniment.information.identifiers import ObjectId
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import Damaged, Missing, Unavailable
from muniment.storage.ledger.chain_reader import CODES, Report, Source
from muniment.storage.ledger.days import months_in, order_of, sealed_files
from muniment.storage.ledger.salvage import salvaged_files
from muniment.storage.ports import StorageRoot
from muniment.storage.verified import verified_opener


def in_order(
    root: StorageRoot, opened: Sequence[Source], report: Report, first: str
) -> Iterator[Source]:
    """Give what is sealed from the day `first` on ("" = from the beginning) and the open days.

    A day may stay open while later ones are sealed: its month was damaged. What cannot be read is
    reported and passed over. A sealed source is closed when the next is asked for.
    """
    sealed = _sealed(root, report, first)
    return merge(sealed, opened, key=lambda source: source.order)


def _sealed(root: StorageRoot, report: Report, first: str) -> Iterator[Source]:
    for object_id in months_in(root, first):
        try:
            version = root.open_version(object_id)
        except (Damaged, Missing, Unavailable) as exc:
            report(CODES.finding("LEDGER-DAY-LOST", path=object_id, reason=str(exc)))
            yield from _salvaged(root, object_id, report, first)
            continue
        with version:
            open_verified = verified_opener(version)
            for path in sealed_files(version, first):
                try:
                    stream = open_verified(path)
                except (Damaged, Missing, Unavailable) as exc:
                    report(CODES.finding("LEDGER-DAY-LOST", path=path, reason=str(exc)))
                    continue
                with closing(stream):
                    yield Source(*order_of(path), path, True, stream)


def _salvaged(
    root: StorageRoot, object_id: ObjectId, report: Report, first: str
) -> Iterator[Source]:
    for path in salvaged_files(root, object_id):
        if order_of(path.name)[0] < first:
            continue
        try:
            with storage_errors(str(path)):
                stream = path.open("rb")
        except Unavailable as exc:
            report(CODES.finding("LEDGER-DAY-LOST", path=path.name, reason=str(exc)))
            continue
        with closing(stream):
            yield Source(*order_of(path.name), path.name, True, stream)


def open_day(path: Path) -> Source:
    """Return the source of an open day; the caller closes its stream. Raises OSError."""
    return Source(*order_of(path.name), path.name, False, path.open("rb"))
