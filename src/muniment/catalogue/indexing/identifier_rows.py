"""Rows of outside identifiers, and the end of their reservations."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.catalogue.models import Identifier, IntellectualEntity, Reservation
from muniment.runtime.errors import Conflict


def write_identifiers(entity: IntellectualEntity, found: Sequence[tuple[str, str]]) -> None:
    """Make the identifiers of the entity those that were found, and lift its reservations.

    Raises Conflict when another entity has one of them.
    """
    wanted = set(found)
    known = {(each.type, each.value): each for each in entity.identifiers.all()}
    for pair in known.keys() - wanted:
        known[pair].delete()
    for kind, value in sorted(wanted - known.keys()):
        other = Identifier.objects.filter(type=kind, value=value).select_related("entity").first()
        if other is not None:
            raise Conflict(
                f"the identifier {kind}:{value} of {entity} belongs to {other.entity} already; "
                "one of the two must be withdrawn"
            )
        Identifier.objects.create(entity=entity, type=kind, value=value)
    Reservation.objects.filter(object_id=entity.object_id).delete()
