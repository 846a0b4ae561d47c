"""Files of an entity, at one of its versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from muniment.catalogue.models import File, IntellectualEntity, PathKey, Representation
from muniment.catalogue.queries.entities import Page, readable
from muniment.catalogue.search import cursor
from muniment.runtime.actor import Actor, current_policy, require
from muniment.runtime.errors import InvalidArgument, ObjectMissing, VersionMissing

Files = QuerySet[File, File]


def checked_version(entity: IntellectualEntity, number: int | None) -> int:
    """Return the version that is meant, the newest without a number; raises VersionMissing."""
    if number is None:
        return entity.head
    if not 1 <= number <= entity.head:
        raise VersionMissing(f"{entity} has versions 1 to {entity.head}, not {number}")
    return number


def files_at(entity: IntellectualEntity, number: int) -> Files:
    """Give the files that a version has."""
    return File.objects.at_version(number).filter(entity=entity)


def files_by_path(entity: IntellectualEntity, number: int) -> Files:
    """Give the same with the `key` by which they are ordered, and their representations."""
    return files_at(entity, number).annotate(key=PathKey("path")).select_related("representation")


def list_files(
    entity: IntellectualEntity,
    *,
    version: int | None = None,
    name: str = "",
    limit: int = 100,
    after: str = "",
) -> Page[File]:
    """Return a page of the files of a version, by path; `name` is a part of the path.

    Two queries. Raises VersionMissing, InvalidArgument (the cursor).
    """
    rows = files_by_path(entity, checked_version(entity, version))
    if name:
        rows = rows.filter(path__icontains=name)
    if after:
        rows = rows.filter(_behind(after))
    rows = rows.order_by("key", "file_id", "first_version")  # type: ignore[misc]  # `key` is of files_by_path
    found = list(rows[: limit + 1])
    if len(found) <= limit:
        return Page(tuple(found))
    last = found[limit - 1]
    return Page(tuple(found[:limit]), cursor.encode(last.path[:200], str(last.file_id)))


def _behind(after: str) -> Q:
    key, file_id = cursor.decode(after, str, str)
    try:
        last = UUID(str(file_id))
    except ValueError as exc:
        raise InvalidArgument(f"{after!r} is no cursor of this list: leave it out") from exc
    return Q(key__gt=key) | Q(key=key, file_id__gt=last)


def representations_at(entity: IntellectualEntity, number: int) -> list[Representation]:
    """Return the representations of a version, by name. One query."""
    rows = Representation.objects.at_version(number).filter(entity=entity)
    return list(rows.order_by("name"))


def formats_of(entity: IntellectualEntity, number: int) -> Iterator[dict[str, Any]]:  # Any: columns
    """Give PUID, name, version and number of files of each format, the most frequent first.

    One query. Of the newest version the counts are kept; of an older one its files are counted.
    """
    counts: Counter[tuple[str, str, str]] = Counter()
    kept = representations_at(entity, number) if number == entity.head else []
    if kept and all(each.formats or not each.file_count for each in kept):
        for each in kept:
            counts.update({(puid, name, version): n for puid, name, version, n in each.formats})
    else:
        rows = files_at(entity, number).values_list("puid", "format_name", "format_version")
        for puid, name, version, count in rows.annotate(count=Count("pk")).order_by():
            counts[puid, name, version] = count
    for (puid, name, version), count in sorted(
        counts.items(), key=lambda each: (-each[1], each[0])
    ):
        yield {"puid": puid, "format_name": name, "format_version": version, "count": count}


def file_for(
    actor: Actor, file_id: UUID, *, action: str = "object.read", columns: tuple[str, ...] = ()
) -> File:
    """Return a file by its PREMIS identifier, as it is newest, of an object the actor may read.

    `columns`: all that is read of it, everything without. One query for staff, two for others.
    Raises ObjectMissing, PermissionDenied.
    """
    rows = File.objects.filter(file_id=file_id).select_related("entity", "representation")
    policy, enough = current_policy(), ("object.read", action)  # a token may be for downloads alone
    if not any(policy.sees_all(actor, each) for each in enough):
        rows = rows.filter(entity__in=readable(actor, *enough))
    file = rows.only(*columns).order_by("-first_version").first()
    if file is None:
        raise ObjectMissing(f"there is no file {file_id}")
    require(actor, action, file.entity)
    return file
