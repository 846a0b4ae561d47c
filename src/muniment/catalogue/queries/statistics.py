"""What an archive holds, by month, source, format and size; of what the actor may see.

A fixed number of queries each. They read one row an object, never one a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Count, F, Min, Q, Sum

from muniment.catalogue.models import File, Version
from muniment.catalogue.queries.entities import readable
from muniment.runtime.actor import Actor

MIB, GIB = 1 << 20, 1 << 30
SIZE_STEPS = (MIB, 10 * MIB, 100 * MIB, GIB, 10 * GIB, 100 * GIB)
"""Objects are counted below the first, between two neighbours, and from the last on."""


class Period(models.Func):
    """The month (7 letters) or day (10 letters) of a time in UTC, as text.

    The framework's own truncation calls back into Python for each row on SQLite.
    """

    output_field = models.TextField()

    def __init__(self, expression: str, letters: int) -> None:
        super().__init__(F(expression))
        self.letters = int(letters)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:  # noqa: ANN401  # Django's
        """SQLite keeps times as text in UTC."""
        template = f"SUBSTR(%(expressions)s, 1, {self.letters})"
        return super().as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:  # noqa: ANN401  # likewise
        """PostgreSQL writes the text of it."""
        shape = "YYYY-MM-DD"[: self.letters]
        template = f"TO_CHAR(%(expressions)s AT TIME ZONE 'UTC', '{shape}')"
        return super().as_sql(compiler, connection, template=template, **more)


@dataclass(frozen=True, slots=True)
class Holding:
    """What came in the period, or from the source, that `name` names."""

    name: str
    objects: int
    files: int
    size_bytes: int


_SUMS: Mapping[str, Any] = {  # Any: aggregates
    "objects": Count("pk"),
    "files": Sum("file_count"),
    "bytes": Sum("size_bytes"),
}


def holdings_by_period(actor: Actor, *, by_day_since: date | None = None) -> list[Holding]:
    """Return what was first kept in each month, or each day from `by_day_since` on; oldest first.

    Files and sizes are those of the newest versions. One query.
    """
    rows = readable(actor).order_by()
    if by_day_since is not None:
        rows = rows.filter(created_at__gte=f"{by_day_since.isoformat()}T00:00:00+00:00")
    period = Period("created_at", 10 if by_day_since else 7)
    return _holdings(rows.annotate(name=period).values("name").annotate(**_SUMS))


def oldest_day(actor: Actor) -> date | None:
    """Return the day on which the oldest object came, in UTC. One query."""
    found = readable(actor).aggregate(oldest=Min("created_at"))["oldest"]
    return found.date() if found else None


def holdings_by_source(actor: Actor) -> list[Holding]:
    """Return what came first from each source, largest first. One query."""
    rows = Version.objects.filter(number=1, entity__in=readable(actor)).order_by()
    sums = {
        "objects": Count("pk"),
        "files": Sum("entity__file_count"),
        "bytes": Sum("entity__size_bytes"),
    }
    found = _holdings(rows.annotate(name=F("source")).values("name").annotate(**sums))
    return sorted(found, key=lambda each: (-each.objects, each.name))


def _holdings(rows: Iterable[Mapping[str, Any]]) -> list[Holding]:  # Any: columns
    found = [
        Holding(row["name"], row["objects"], row["files"] or 0, row["bytes"] or 0) for row in rows
    ]
    return sorted(found, key=lambda each: each.name)


@dataclass(frozen=True, slots=True)
class SizeStep:
    """How many objects have a size from `low` to below `high` (None: without a bound)."""

    low: int
    high: int | None
    objects: int


def objects_by_size(actor: Actor) -> list[SizeStep]:
    """Count the objects in each interval of `SIZE_STEPS`. One query."""
    steps = list(zip((0, *SIZE_STEPS), (*SIZE_STEPS, None), strict=True))
    counts = {}
    for low, high in steps:
        inside = Q(size_bytes__gte=low)
        if high is not None:
            inside &= Q(size_bytes__lt=high)
        counts[f"from{low}"] = Count("pk", filter=inside)
    found = readable(actor).aggregate(**counts)
    return [SizeStep(low, high, found[f"from{low}"]) for low, high in steps]


def format_names(puids: Iterable[str]) -> dict[str, str]:
    """Return name and version by PUID, as one file of each has them. One query."""
    first = Q(pk__in=[])
    for puid in dict.fromkeys(puids):
        first |= Q(pk=File.objects.filter(puid=puid).order_by().values("pk")[:1])
    rows = File.objects.filter(first).values_list("puid", "format_name", "format_version")
    return {puid: f"{name} {version}".strip() for puid, name, version in rows}
