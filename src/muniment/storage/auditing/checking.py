"""Proving the audit trail: the chain of the table, that of storage, and that both are the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from muniment.administration.services.audit import digests_of, links_from
from muniment.administration.services.audit_chain import Breach, BrokenLink, Link, broken_in
from muniment.runtime.actor import Actor, require
from muniment.runtime.errors import Damaged, Missing
from muniment.storage.auditing.stored import AuditStore, stored_links

TABLE, STORAGE = "table", "storage"
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class TrailBreak:
    """The first line at which the table or storage is not what was written, and how."""

    where: str
    number: int
    breach: Breach

    @property
    def message(self) -> str:
        """Say it in a sentence."""
        return f"line {self.number} of the {self.where} {_SAID[self.breach]}"


_SAID = {
    Breach.CHANGED: "is not what was written",
    Breach.MISSING: "does not follow: at least one line before it is gone",
    Breach.DETACHED: "does not follow the line before it, one of the two was changed",
    Breach.UNREADABLE: "cannot be read",
    Breach.DIFFERENT: "is in storage and is not, or not so, in the table",
}


@dataclass(frozen=True, slots=True)
class TrailVerdict:
    """How many lines there are, how many in storage, and what is wrong, the first line first."""

    lines: int
    stored: int
    breaks: tuple[TrailBreak, ...]


def check_trail(store: AuditStore, *, actor: Actor) -> TrailVerdict:
    """Read the whole trail, in the table and in storage; memory stays flat.

    Lines that were cut off at the end of the table show only where they are in storage already.
    Raises PermissionDenied, StorageUnavailable.
    """
    require(actor, "audit.read")
    table, stored = _Counted(links_from()), _Counted(stored_links(store.root))
    found = [_first(TABLE, table), _first(STORAGE, stored), _first_difference(store)]
    breaks = sorted((each for each in found if each), key=lambda each: each.number)
    return TrailVerdict(table.count, stored.count, tuple(breaks))


class _Counted:
    """Links that pass, counted; `number` is that of the last."""

    def __init__(self, links: Iterator[Link]) -> None:
        self._links = links
        self.count = self.number = 0

    def __iter__(self) -> Iterator[Link]:
        for link in self._links:
            self.count += 1
            self.number = link.number
            yield link


def _first(where: str, links: _Counted) -> TrailBreak | None:
    found: list[BrokenLink] = []
    try:
        found += islice(broken_in(links), 1)
        for _ in links:  # counted to the end
            pass
    except (Damaged, Missing):
        found = found or [BrokenLink(links.number + 1, Breach.UNREADABLE)]
    return TrailBreak(where, found[0].number, found[0].breach) if found else None


def _first_difference(store: AuditStore) -> TrailBreak | None:
    try:
        for batch in _batches(stored_links(store.root)):
            known = digests_of([link.number for link in batch])
            for link in batch:
                if known.get(link.number) != link.digest:
                    return TrailBreak(TABLE, link.number, Breach.DIFFERENT)
    except (Damaged, Missing):
        return None  # told as what storage cannot read
    return None


def _batches(links: Iterable[Link]) -> Iterator[list[Link]]:
    rest = iter(links)
    while batch := list(islice(rest, _BATCH)):
        yield batch
