"""Objects and their parts as JSON documents, for the API and the command line alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from muniment.catalogue.models import (
        DescriptiveTerm,
        Event,
        File,
        IntellectualEntity,
        Representation,
        RightsStatement,
        Version,
    )
    from muniment.catalogue.queries.history import Difference
    from muniment.catalogue.queries.tree import TreeEntry
    from muniment.catalogue.search.types import Hit, SearchPage

Document = dict[str, Any]  # Any: JSON of any shape


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def entity(row: IntellectualEntity) -> Document:
    """Return an object without its parts."""
    return {
        "object_id": str(row.object_id),
        "title": row.title,
        "owner": row.owner,
        "state": row.state,
        "version": row.head,
        "created_at": _at(row.created_at),
        "modified_at": _at(row.modified_at),
        "file_count": row.file_count,
        "size_bytes": row.size_bytes,
    }


def version(row: Version) -> Document:
    """Return a version."""
    return {
        "version": row.number,
        "created_at": _at(row.created_at),
        "reason": row.reason,
        "message": row.message,
        "user_name": row.user_name,
        "user_address": row.user_address,
        "submission_id": str(row.submission_id) if row.submission_id else None,
        "pipeline": row.pipeline,
        "source": row.source,
        "inventory_sha512": bytes(row.inventory_sha512).hex(),
        "file_count": row.file_count,
        "size_bytes": row.size_bytes,
    }


def file(row: File) -> Document:
    """Return a file as PREMIS describes it."""
    sha256 = {} if row.sha256 is None else {"sha256": bytes(row.sha256).hex()}
    return {
        "file_id": str(row.file_id),
        "representation": row.representation.name,
        "path": row.path,
        "original_name": row.original_name,
        "size_bytes": row.size_bytes,
        "digests": {"sha512": bytes(row.sha512).hex(), **sha256, **row.digests},
        "puid": row.puid,
        "format_name": row.format_name,
        "format_version": row.format_version,
        "mime_type": row.mime_type,
        "basis": row.basis,
        "warnings": row.warnings,
        "validity": row.validity,
        "properties": row.properties,
        "modified_at": row.modified_at,
        "first_version": row.first_version,
        "last_version": row.last_version,
    }


def tree_entry(found: TreeEntry) -> Document:
    """Return a folder, or a file with its description in `file`."""
    return {
        "kind": "folder" if found.file is None else "file",
        "path": found.path,
        "name": found.name,
        "file_count": found.file_count,
        "size_bytes": found.size_bytes,
        "file": file(found.file) if found.file else None,
    }


def event(row: Event) -> Document:
    """Return an event with its agents."""
    return {
        "event_id": str(row.event_id),
        "type": row.type,
        "date_time": row.date_time_text or _at(row.date_time),
        "detail": row.detail,
        "outcome": row.outcome,
        "outcome_detail": row.outcome_detail,
        "version": row.version,
        "representation": row.representation.name if row.representation else None,
        "file_id": str(row.file_id) if row.file_id else None,
        "agents": [
            {
                "name": each.agent.name,
                "version": each.agent.version,
                "type": each.agent.type,
                "role": each.role,
            }
            for each in row.linked_agents.all()
        ],
    }


def term(row: DescriptiveTerm) -> Document:
    """Return a Dublin Core term."""
    language = {"language": row.language} if row.language else {}
    return {"term": row.term, "value": row.value, **language}


def difference(found: Difference) -> Document:
    """Return the document of a difference."""

    def named(each: File) -> Document:
        return {"file_id": str(each.file_id), "path": each.path, "size_bytes": each.size_bytes}

    return {
        "added": [named(each) for each in found.added],
        "removed": [named(each) for each in found.removed],
        "changed": [{"old": named(old), "new": named(new)} for old, new in found.changed],
        "renamed": [{"old": named(old), "new": named(new)} for old, new in found.renamed],
        "described_anew": [named(new) for _, new in found.described_anew],
        "terms_added": [list(each) for each in found.terms_added],
        "terms_removed": [list(each) for each in found.terms_removed],
    }


@dataclass(frozen=True, slots=True)
class WholeEntity:
    """An object with all but its files and events, at one version."""

    row: IntellectualEntity
    version: Version
    identifiers: Sequence[tuple[str, str]]
    terms: Sequence[DescriptiveTerm]
    tags: Sequence[str]
    representations: Sequence[Representation]
    formats: Sequence[Mapping[str, Any]]  # Any: columns of several types
    rights: Sequence[RightsStatement]

    def as_json(self) -> Document:
        """Return the document of one object."""
        return {
            **entity(self.row),
            "identifiers": [{"type": kind, "value": value} for kind, value in self.identifiers],
            "dublin_core": [term(each) for each in self.terms],
            "tags": list(self.tags),
            "shown_version": version(self.version),
            "representations": [
                {"name": each.name, "representation_id": str(each.representation_id)}
                for each in self.representations
            ],
            "formats": [dict(each) for each in self.formats],
            "rights": [each.as_json() for each in self.rights],
        }


def whole_entity(row: IntellectualEntity, number: int | None) -> WholeEntity:
    """Ask for all parts; nine queries. Raises VersionMissing."""
    from muniment.catalogue.queries import files, history

    number = files.checked_version(row, number)
    versions = history.versions_of(row)
    return WholeEntity(
        row=row,
        version=next(each for each in versions if each.number == number),
        identifiers=sorted(row.identifiers.values_list("type", "value")),
        terms=history.terms_of(row, number),
        tags=history.tags_of(row),
        representations=files.representations_at(row, number),
        formats=list(files.formats_of(row, number)),
        rights=history.rights_of(row, number),
    )


def hit(found: Hit) -> Document:
    """Return one hit of a search."""
    return {
        "object_id": found.object_id,
        "title": found.title,
        "archived_at": found.archived_at.isoformat(),
        "modified_at": found.modified_at.isoformat(),
        "file_count": found.file_count,
        "size_bytes": found.size_bytes,
        "score": found.score,
        "highlights": list(found.highlights),
    }


def facets(page: SearchPage) -> Document:
    """Return the counts of each field that was asked for."""
    return {
        field: [{"value": each.value, "count": each.count} for each in counts]
        for field, counts in page.facets.items()
    }
