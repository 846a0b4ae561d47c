"""Editing descriptive metadata."""

from __future__ import annotations

from pathlib import Path

from muniment.catalogue.queries.entities import entity_for
from muniment.catalogue.services.indexing import IndexedVersion, index_version
from muniment.catalogue.services.metadata_versions import Edit
from muniment.information.aip import read_aip
from muniment.information.dublin_core import TERMS, DublinCore
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor
from muniment.runtime.errors import InvalidArgument
from muniment.storage.archive import Archive
from muniment.storage.verified import verified_opener


def edit_description(
    object_id: ObjectId,
    dublin_core: DublinCore,
    *,
    actor: Actor,
    archive: Archive,
    work: Path,
) -> IndexedVersion:
    """Make a version with this description (reason `metadata-edit`); all else stays as it is.

    `work` is an empty folder on the file system of the storage root; the caller removes it. The
    description that is there already makes no version. Raises PermissionDenied, ObjectMissing,
    InvalidArgument (an unknown term, an empty value), VersionConflict (somebody else made a
    version meanwhile: read again and edit that), and what sealing and indexing raise.
    """
    entity = entity_for(actor, object_id, action="object.describe")
    _check(dublin_core)
    with archive.root.open_version(object_id) as before:
        reader = read_aip(verified_opener(before))
        number = before.number
        if reader.dublin_core() != dublin_core:
            edit = Edit(
                before=before,
                reader=reader,
                actor=actor,
                owner=entity.owner,
                message="Edit the description",
                dublin_core=dublin_core,
            )
            number = edit.seal(archive, work)
    return index_version(object_id, number, archive=archive)


def _check(dublin_core: DublinCore) -> None:
    for each in dublin_core:
        if each.term not in TERMS:
            raise InvalidArgument(
                f"{each.term!r} is no Dublin Core term; known are {', '.join(sorted(TERMS))}"
            )
        if not each.value.strip():
            raise InvalidArgument(f"a value of {each.term} is empty; remove it instead")
