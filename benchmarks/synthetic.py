"""A catalogue of made-up objects, written in bulk: an archive of any size to ask pages of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from muniment.catalogue.search.types import Document

FORMATS = (
    ("fmt/43", "JPEG File Interchange Format", "image/jpeg"),
    ("fmt/353", "Tagged Image File Format", "image/tiff"),
    ("fmt/276", "Acrobat PDF 1.7", "application/pdf"),
    ("x-fmt/111", "Plain Text File", "text/plain"),
    ("fmt/101", "Extensible Markup Language", "application/xml"),
    ("fmt/141", "Waveform Audio", "audio/x-wav"),
)
_WORDS = (
    "harbour", "letters", "ledger", "map", "lighthouse", "survey", "minutes", "photograph",
    "diary", "treaty",
)  # fmt: skip
_FIRST = datetime(2024, 1, 1, tzinfo=UTC)
_FOLDERS = 10


@dataclass(frozen=True, slots=True)
class Shape:
    """How many objects there are, with how many files each; the first one holds `large` files."""

    objects: int
    files_each: int
    large: int

    @property
    def files(self) -> int:
        """Files of all objects together."""
        return (self.objects - 1) * self.files_each + self.large

    def files_of(self, number: int) -> int:
        """Files of one object."""
        return self.large if number == 0 else self.files_each


def object_id(number: int) -> UUID:
    """Return the identifier of an object; later ones sort behind."""
    return UUID(f"01900000-0000-7000-8000-{number:012x}")


def file_id(number: int, place: int) -> UUID:
    """Return the identifier of a file."""
    return UUID(f"02900000-0000-7000-8000-{number:06x}{place:06x}")


def title(number: int) -> str:
    """Return three words and a number."""
    words = (_WORDS[(number * step) % len(_WORDS)] for step in (1, 3, 7))
    return f"{' '.join(words)} {number}"


def fill(shape: Shape, owner: str) -> None:
    """Write the rows of all objects, and their search documents."""
    from django.db import connection, transaction

    from muniment.catalogue.adapters.search import search_index

    with transaction.atomic():
        _entities(shape, owner)
        _files(shape)
        _events(shape)
        search_index().rebuild(_documents(shape, owner))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _at(number: int, shape: Shape) -> datetime:
    return _FIRST + timedelta(days=700 * number / shape.objects)


def _entities(shape: Shape, owner: str) -> None:
    from muniment.catalogue.adapters.bulk import bulk_writer
    from muniment.catalogue.models import (
        DescriptiveTerm,
        IntellectualEntity,
        OwnerTotal,
        Representation,
        Version,
    )

    writer, numbers = bulk_writer(), range(shape.objects)
    size = {number: 1000 * shape.files_of(number) for number in numbers}
    writer.write(
        IntellectualEntity,
        ("id", "object_id", "owner", "title", "state", "state_seq", "head", "created_at",
         "modified_at", "file_count", "size_bytes"),
        ((n + 1, object_id(n), owner, title(n), "active", 0, 1, _at(n, shape), _at(n, shape),
          shape.files_of(n), size[n]) for n in numbers),
    )  # fmt: skip
    writer.write(
        Version,
        ("entity_id", "number", "created_at", "reason", "message", "user_name", "user_address",
         "pipeline", "source", "inventory_sha512", "file_count", "size_bytes"),
        ((n + 1, 1, _at(n, shape), "ingest", "", owner, "", "default", f"source {n % 5}", b"0",
          shape.files_of(n), size[n]) for n in numbers),
    )  # fmt: skip
    writer.write(
        Representation,
        ("id", "entity_id", "representation_id", "name", "premis_sha512", "first_version",
         "file_count", "size_bytes", "formats"),
        ((n + 1, n + 1, UUID(int=n + 1), "original", b"0", 1, shape.files_of(n), size[n],
          _formats(n, shape.files_of(n))) for n in numbers),
    )  # fmt: skip
    writer.write(
        DescriptiveTerm,
        ("entity_id", "first_version", "position", "term", "value", "language"),
        ((n + 1, 1, 0, "title", title(n), "") for n in numbers),
    )
    OwnerTotal.objects.create(
        owner=owner,
        entity_count=shape.objects,
        file_count=shape.files,
        size_bytes=sum(size.values()),
    )


def _formats(number: int, files: int) -> list[list[object]]:
    places = range(len(FORMATS))
    counts = [len(range((place - number) % len(FORMATS), files, len(FORMATS))) for place in places]
    return [[*FORMATS[place][:2], "1", counts[place]] for place in places]


def path(place: int) -> str:
    """Return the path of a file: ten folders, in each its share."""
    return f"series {place % _FOLDERS:02}/page {place:06}.dat"


def _files(shape: Shape) -> None:
    from muniment.catalogue.adapters.bulk import bulk_writer
    from muniment.catalogue.indexing.folders import FolderCounts, folder_of, write_folders
    from muniment.catalogue.models import File, Representation
    from muniment.catalogue.models.folder import folder_key

    writer = bulk_writer()
    digest = hashlib.sha512(b"").digest()
    columns = (
        "entity_id", "representation_id", "first_version", "folder", "file_id", "path",
        "original_name", "size_bytes", "sha512", "digests", "puid", "format_name",
        "format_version", "mime_type", "basis", "warnings", "validity", "properties", "modified_at",
    )  # fmt: skip

    def rows(number: int, counts: FolderCounts) -> Iterator[tuple[object, ...]]:
        for place in range(shape.files_of(number)):
            name = path(place)
            counts.add(name, 1000)
            puid, format_name, mime_type = FORMATS[(place + number) % len(FORMATS)]
            yield (
                number + 1, number + 1, 1, folder_key("original", folder_of(name)),
                file_id(number, place), name, "", 1000, digest, {}, puid, format_name, "1",
                mime_type, "byte match", [], "valid", {}, "",
            )  # fmt: skip

    for number, representation in enumerate(Representation.objects.order_by("pk").iterator()):
        counts = FolderCounts()
        writer.write(File, columns, rows(number, counts))
        write_folders(representation, counts, writer)


def _events(shape: Shape) -> None:
    from muniment.catalogue.adapters.bulk import bulk_writer
    from muniment.catalogue.models import Event

    kinds = ("ingestion", "fixity check", "validation", "format identification", "virus check")
    bulk_writer().write(
        Event,
        ("entity_id", "event_id", "type", "date_time", "date_time_text", "detail", "outcome",
         "outcome_detail", "version"),
        ((n + 1, UUID(int=n * 10 + place + 1), kind, _at(n, shape), "", "", "success", "", 1)
         for n in range(shape.objects) for place, kind in enumerate(kinds)),
    )  # fmt: skip


def _documents(shape: Shape, owner: str) -> Iterator[Document]:
    from muniment.catalogue.search.types import Document

    for n in range(shape.objects):
        files = shape.files_of(n)
        formats = [puid for puid, _, _ in FORMATS[: 2 + n % 5]]
        yield Document(
            object_id=str(object_id(n)),
            owner=owner,
            title=title(n),
            description="",
            names=[path(place) for place in range(files)],
            archived_at=_at(n, shape),
            modified_at=_at(n, shape),
            file_count=files,
            size_bytes=1000 * files,
            facets={
                "format": formats,
                "source": [f"source {n % 5}"],
                "outcome": ["success", *(["warning"] if n % 3 == 0 else [])],
                "owner": [owner],
                "state": ["active"],
                "tag": ["maps"] if n % 7 == 0 else [],
            },
        )
