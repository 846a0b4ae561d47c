"""Search documents, made from the rows of the catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db.models import QuerySet

from muniment.catalogue.models import (
    DescriptiveTerm,
    Event,
    File,
    Identifier,
    IntellectualEntity,
    Tag,
    Version,
)
from muniment.catalogue.search.types import Document

_BATCH = 200
_LONGEST = 255  # of a facet's value

Values = dict[int, list[str]]
Key = TypeVar("Key", int, str)


def all_documents() -> Iterator[Document]:
    """Give the document of every entity; holds one batch of entities."""
    keys = IntellectualEntity.objects.order_by("pk").values_list("pk", flat=True).iterator()
    for batch in _batches(keys):
        yield from _documents(IntellectualEntity.objects.filter(pk__in=batch))


def documents_of(object_ids: Sequence[str]) -> Iterator[Document]:
    """Give the documents of these entities; those that are not there give none."""
    for batch in _batches(object_ids):
        yield from _documents(IntellectualEntity.objects.filter(object_id__in=batch))


def _batches(values: Iterable[Key]) -> Iterator[list[Key]]:
    rest = iter(values)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _documents(entities: QuerySet[IntellectualEntity, IntellectualEntity]) -> Iterator[Document]:
    found = list(entities.order_by("pk"))
    keys = [entity.pk for entity in found]
    facets = {
        "format": _of_files(keys, "puid"),
        "mime": _of_files(keys, "mime_type"),
        "outcome": _grouped(Event.objects.filter(entity__in=keys), "outcome"),
        "source": _grouped(Version.objects.filter(entity__in=keys), "source"),
        "tag": _grouped(Tag.objects.present().filter(entity__in=keys), "name"),
    }
    texts = _descriptions(keys)
    for entity in found:
        values = {field: each.get(entity.pk, []) for field, each in facets.items()}
        yield Document(
            object_id=str(entity.object_id),
            owner=entity.owner,
            title=entity.title,
            description="\n".join(texts[entity.pk]),
            names=_names(entity.pk),
            archived_at=entity.created_at,
            modified_at=entity.modified_at,
            file_count=entity.file_count,
            size_bytes=entity.size_bytes,
            facets={**values, "owner": _some(entity.owner), "state": [entity.state]},
        )


def _of_files(keys: Sequence[int], column: str) -> Values:
    return _grouped(File.objects.current().filter(entity__in=keys), column)


def _grouped(rows: QuerySet, column: str) -> Values:  # type: ignore[type-arg]  # of any model
    """Return the different values of a column for each entity, sorted; empty ones left out."""
    found: Values = defaultdict(list)
    pairs = rows.exclude(**{column: ""}).values_list("entity_id", column).distinct()
    for entity_id, value in sorted(pairs.order_by()):
        found[entity_id].append(value[:_LONGEST])
    return found


def _descriptions(keys: Sequence[int]) -> Values:
    """Return what else is said in words: the terms but the first title, and the identifiers."""
    texts: Values = defaultdict(list)
    terms = DescriptiveTerm.objects.current().filter(entity__in=keys).order_by("position")
    titled: set[int] = set()
    for entity_id, term, value in terms.values_list("entity_id", "term", "value"):
        if term == "title" and entity_id not in titled:
            titled.add(entity_id)
        else:
            texts[entity_id].append(value)
    for entity_id, value in (
        Identifier.objects.filter(entity__in=keys)
        .order_by("type", "value")
        .values_list("entity_id", "value")
    ):
        texts[entity_id].append(value)
    return texts


def _names(key: int) -> Iterator[str]:
    paths = File.objects.current().filter(entity_id=key).values_list("path", flat=True)
    return paths.iterator(chunk_size=5000)


def _some(value: str) -> list[str]:
    return [value] if value else []
