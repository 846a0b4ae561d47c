"""Rows that are replaced as a whole when they differ: Dublin Core terms and rights statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain

from muniment.catalogue.indexing.names import uuid_text
from muniment.catalogue.models import (
    ActRestriction,
    DescriptiveTerm,
    IntellectualEntity,
    RightsStatement,
)
from muniment.catalogue.types import Restriction, one_of
from muniment.information import premis

TermRow = tuple[str, str, str]
"""Term, value, language."""


def write_terms(entity: IntellectualEntity, version: int, terms: Sequence[TermRow]) -> None:
    """Let the terms of this version begin, unless the version before said the same."""
    current = DescriptiveTerm.objects.current().filter(entity=entity)
    columns = ("term", "value", "language")
    if list(current.order_by("position").values_list(*columns)) == list(terms):
        return
    current.update(last_version=version - 1)
    DescriptiveTerm.objects.bulk_create(
        DescriptiveTerm(
            entity=entity,
            first_version=version,
            position=position,
            **dict(zip(columns, term, strict=True)),
        )
        for position, term in enumerate(terms, start=1)
    )


def write_rights(
    entity: IntellectualEntity, version: int, statements: Sequence[premis.RightsStatement]
) -> None:
    """Let the rights of this version begin, unless the version before said the same."""
    rows = {uuid_text(each.identifier): (each.basis, _plain(each)) for each in statements}
    current = RightsStatement.objects.current().filter(entity=entity)
    kept = {str(each.rights_id): (each.basis, each.statement) for each in current}
    if not rows and not kept:
        return
    gone = [rights_id for rights_id in kept if kept[rights_id] != rows.get(rights_id)]
    current.filter(rights_id__in=gone).update(last_version=version - 1)
    RightsStatement.objects.bulk_create(
        RightsStatement(
            entity=entity,
            rights_id=rights_id,
            first_version=version,
            basis=basis[:255],
            statement=statement,
        )
        for rights_id, (basis, statement) in rows.items()
        if kept.get(rights_id) != (basis, statement)
    )
    ActRestriction.objects.filter(entity=entity).delete()
    ActRestriction.objects.bulk_create(_restrictions(entity, statements))


def _restrictions(
    entity: IntellectualEntity, statements: Sequence[premis.RightsStatement]
) -> Iterator[ActRestriction]:
    known = one_of(Restriction)
    for granted in chain.from_iterable(each.granted for each in statements):
        starts_on, ends_on = premis.term_days(granted)
        for restriction in sorted({each.strip().lower() for each in granted.restrictions}):
            if restriction in known:
                yield ActRestriction(
                    entity=entity,
                    act=granted.act.strip().lower()[:64],
                    restriction=restriction,
                    starts_on=starts_on,
                    ends_on=ends_on,
                )


def _plain(statement: premis.RightsStatement) -> dict[str, object]:
    """Return all of a statement but its identifier and basis, as JSON gives it back."""
    members = asdict(statement)
    del members["identifier"], members["basis"]
    return {name: _listed(value) for name, value in members.items()}


def _listed(value: object) -> object:
    """Make tuples lists, as JSON does, so that what is read back compares equal."""
    if isinstance(value, dict):
        return {name: _listed(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_listed(each) for each in value]
    return value
