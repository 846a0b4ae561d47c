"""Stating the rights of an object: PREMIS rights statements in its newest version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from muniment.catalogue.indexing.names import uuid_text
from muniment.catalogue.queries.entities import entity_for
from muniment.catalogue.services.indexing import IndexedVersion, index_version
from muniment.catalogue.services.metadata_versions import Edit
from muniment.information.aip import read_aip
from muniment.information.identifiers import ObjectId
from muniment.information.premis import (
    RightsGranted,
    RightsStatement,
    is_date,
    term_days,
    uuid_identifier,
)
from muniment.information.premis.term_days import NO_END
from muniment.runtime.actor import Actor
from muniment.runtime.errors import InvalidArgument, VersionConflict
from muniment.storage.archive import Archive
from muniment.storage.verified import verified_opener

MOST = 200
"""Statements of one object, and acts of one statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A rights statement as somebody writes it; without `rights_id` it is a new one."""

    basis: str
    terms: str = ""
    jurisdiction: str = ""
    notes: tuple[str, ...] = ()
    granted: tuple[RightsGranted, ...] = ()
    rights_id: str = ""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Stated:
        """Read what the API and a file of the command line say, already of the right types."""
        return cls(
            rights_id=str(document.get("rights_id") or ""),
            basis=document["basis"],
            terms=document.get("terms", ""),
            jurisdiction=document.get("jurisdiction", ""),
            notes=tuple(document.get("notes", ())),
            granted=tuple(
                RightsGranted(
                    act=each["act"],
                    restrictions=tuple(each.get("restrictions", ())),
                    starts_at=each.get("starts_at", ""),
                    ends_at=each.get("ends_at", ""),
                    notes=tuple(each.get("notes", ())),
                )
                for each in document.get("granted", ())
            ),
        )

    def onto(self, before: RightsStatement | None) -> RightsStatement:
        """Return the statement, with what the one before links."""
        return replace(
            before or RightsStatement(identifier=uuid_identifier(str(uuid4())), basis=self.basis),
            basis=self.basis,
            terms=self.terms,
            jurisdiction=self.jurisdiction,
            notes=self.notes,
            granted=self.granted,
        )


def state_rights(
    object_id: ObjectId,
    stated: Sequence[Stated],
    *,
    seen: int,
    actor: Actor,
    archive: Archive,
    work: Path,
) -> IndexedVersion:
    """Make a version with these statements instead of those before; the same make none.

    `seen` is the version whose rights the actor looked at, `work` an empty folder on the file
    system of the storage root, which the caller removes. Whoever may decide who reads an object
    may state its rights, because they hold readers back. Raises PermissionDenied, ObjectMissing,
    InvalidArgument, VersionConflict, and what sealing and indexing raise.
    """
    entity = entity_for(actor, object_id, action="object.policy")
    check_rights(stated)
    with archive.root.open_version(object_id) as before:
        if before.number != seen:
            raise VersionConflict("somebody else has made a version meanwhile; look at it again")
        reader = read_aip(verified_opener(before))
        present = [unit for unit in reader.units() if isinstance(unit, RightsStatement)]
        wanted = _merged(stated, {uuid_text(each.identifier): each for each in present})
        number = before.number
        if present != wanted:
            edit = Edit(
                before=before,
                reader=reader,
                actor=actor,
                owner=entity.owner,
                message="State the rights",
                rights=wanted,
            )
            number = edit.seal(archive, work)
    return index_version(object_id, number, archive=archive)


def _merged(
    stated: Sequence[Stated], present: Mapping[str, RightsStatement]
) -> list[RightsStatement]:
    if unknown := {each.rights_id for each in stated} - {"", *present}:
        raise InvalidArgument(f"there is no rights statement {', '.join(sorted(unknown))}")
    return [each.onto(present.get(each.rights_id)) for each in stated]


def check_rights(stated: Sequence[Stated]) -> None:
    """Raise InvalidArgument for the first fault."""
    if len(stated) > MOST:
        raise InvalidArgument(f"an object has at most {MOST} rights statements")
    names = [each.rights_id for each in stated if each.rights_id]
    if len(set(names)) != len(names):
        raise InvalidArgument("a rights statement is named twice")
    for number, each in enumerate(stated, 1):
        place = f"rights statement {number}"
        if not each.basis.strip() or len(each.basis) > 255:
            raise InvalidArgument(f"{place} needs a basis of 1 to 255 characters")
        if len(each.granted) > MOST:
            raise InvalidArgument(f"{place} has more than {MOST} acts")
        for granted in each.granted:
            _check_act(granted, place)


def _check_act(granted: RightsGranted, place: str) -> None:
    if not granted.act.strip() or len(granted.act) > 64:
        raise InvalidArgument(f"an act of {place} needs a name of 1 to 64 characters")
    for text in (granted.starts_at, *({granted.ends_at} - set(NO_END))):
        if text and not is_date(text):
            raise InvalidArgument(
                f"{text!r} in {place} is no date: write 2027, 2027-05 or 2027-05-31"
            )
    starts_on, ends_on = term_days(granted)
    if starts_on and ends_on and ends_on < starts_on:
        raise InvalidArgument(f"“{granted.act}” of {place} ends before it begins")
