"""Tags: hung on and taken off through the ledger, so that a rebuild finds them."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.catalogue.models import Tag
from muniment.catalogue.queries.entities import entity_for
from muniment.catalogue.services.indexing import apply_ledger
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.failpoints import failpoint
from muniment.storage.ledger.ledger import Ledger
from muniment.storage.ledger.records import NewRecord

_LONGEST = 255


def tag_object(
    object_id: ObjectId,
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    actor: Actor,
    ledger: Ledger,
) -> tuple[str, ...]:
    """Hang tags on an entity and take others off; return its tags, sorted.

    A tag that is there already, or is not there to be removed, leaves no record. Raises
    PermissionDenied, ObjectMissing, InvalidArgument (empty, over 255 characters, with control
    characters, or both at once).
    """
    entity = entity_for(actor, object_id, action="object.tag")
    added, removed = {_cleaned(name) for name in add}, {_cleaned(name) for name in remove}
    if both := added & removed:
        raise InvalidArgument(f"{', '.join(sorted(both))} cannot be added and removed at once")
    present = set(Tag.objects.present().filter(entity=entity).values_list("name", flat=True))
    changes = [(name, True) for name in sorted(added - present)]
    changes += [(name, False) for name in sorted(removed & present)]
    records = ledger.append(
        [
            NewRecord("tag", object_id, {"name": name, "is_present": on, "by": actor.name})
            for name, on in changes
        ]
    )
    failpoint("tag.recorded")
    apply_ledger(records)
    return tuple(sorted((present | added) - removed))


def _cleaned(name: str) -> str:
    text = " ".join(name.split())
    if not text.isprintable() or not 0 < len(text) <= _LONGEST:
        raise InvalidArgument(f"{name[:80]!r} cannot be a tag: 1 to {_LONGEST} visible characters")
    return text
