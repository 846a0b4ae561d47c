"""Which object an outside identifier stands for, decided before any byte is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import IntegrityError, transaction

from muniment.catalogue.models import Identifier, IntellectualEntity, Reservation
from muniment.information.identifiers import ObjectId, new_object_id
from muniment.information.premis import Identifier as OutsideIdentifier
from muniment.runtime.actor import Actor, may, require
from muniment.runtime.clock import Clock
from muniment.runtime.errors import DecisionNeeded, InvalidArgument, Locked, ObjectMissing

_LONGEST_BYTES = 1000
_TRIES = 5


class Choice(StrEnum):
    """What a person may choose where identifiers do not decide."""

    ADD_VERSION = "add-version"
    NEW_OBJECT = "new-object"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Reserved:
    """The object that a submission makes a version of; `head` 0 = it has none yet.

    `identifiers` are those that it keeps or gets.
    """

    object_id: ObjectId
    head: int
    identifiers: tuple[OutsideIdentifier, ...]


@dataclass(frozen=True, slots=True)
class _Claimant:
    """An object that an identifier stands for already, and whose it is."""

    object_id: str
    owner: str


def reserve_object(
    identifiers: Sequence[OutsideIdentifier],
    *,
    requested: ObjectId | None = None,
    actor: Actor,
    clock: Clock,
    decision: Choice | None = None,
) -> Reserved:
    """Decide which object a submission belongs to, and hold its identifiers for it.

    A known or reserved identifier stands for its object; without one, a new object is named. The
    same call again gives the same object wherever there is an identifier: the rows are made before
    the bytes, and two first submissions of one object meet at their unique constraint.
    `decision` is what a person chose after DecisionNeeded, which is raised for an object that the
    actor may not add to and for identifiers of several objects. Raises PermissionDenied,
    ObjectMissing (`requested`), InvalidArgument (an identifier too long), Locked (retried).
    """
    require(actor, "submission.create")
    if decision is Choice.NEW_OBJECT:
        return Reserved(new_object_id(), 0, ())
    wanted = [_checked(each) for each in dict.fromkeys(identifiers)]
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                return _reserve(wanted, requested, actor, clock, decision)
        except IntegrityError:
            continue  # the row that was in our way went while we looked at it
    raise Locked("other submissions of this object are being decided now; try again")


def _reserve(
    wanted: Sequence[OutsideIdentifier],
    requested: ObjectId | None,
    actor: Actor,
    clock: Clock,
    decision: Choice | None,
) -> Reserved:
    new_id = new_object_id()
    claimants = {} if requested is None else {requested: _requested(requested)}
    made = []
    for each in wanted:
        row, is_made = Reservation.objects.get_or_create(
            type=each.type,
            value=each.value,
            defaults={"object_id": new_id, "owner": actor.name, "reserved_at": clock.now()},
        )
        if is_made:
            made.append(row.pk)
        # Only now: whoever indexed meanwhile took the reservation away and left an Identifier.
        claimant = _known(each) or (None if is_made else _Claimant(str(row.object_id), row.owner))
        if claimant is not None:
            claimants.setdefault(ObjectId(claimant.object_id), claimant)
    chosen = _choose(list(claimants.values()), actor, decision) or _Claimant(new_id, actor.name)
    Reservation.objects.filter(pk__in=made).update(object_id=chosen.object_id, owner=chosen.owner)
    head = IntellectualEntity.objects.filter(object_id=chosen.object_id).values_list("head")
    return Reserved(
        ObjectId(chosen.object_id),
        next((number for (number,) in head), 0),
        tuple(each for each in wanted if _stands_for(each, chosen)),
    )


def hold_identifiers(
    object_id: ObjectId,
    identifiers: Sequence[OutsideIdentifier],
    *,
    actor: Actor,
    clock: Clock,
) -> tuple[OutsideIdentifier, ...]:
    """Hold identifiers for an object that was decided on; return those that stand for it.

    What belongs to another object stays with that one. Idempotent. Raises PermissionDenied,
    InvalidArgument (an identifier too long).
    """
    require(actor, "submission.create")
    wanted = [_checked(each) for each in dict.fromkeys(identifiers)]
    chosen = _Claimant(object_id, actor.name)
    with transaction.atomic():
        for each in wanted:
            if _known(each) is None:
                Reservation.objects.get_or_create(
                    type=each.type,
                    value=each.value,
                    defaults={
                        "object_id": object_id,
                        "owner": actor.name,
                        "reserved_at": clock.now(),
                    },
                )
    return tuple(each for each in wanted if _stands_for(each, chosen))


def _choose(
    claimants: Sequence[_Claimant], actor: Actor, decision: Choice | None
) -> _Claimant | None:
    """Return the object to add to, None for a new one; raises DecisionNeeded."""
    if not claimants:
        return None
    names = ", ".join(each.object_id for each in claimants)
    if decision is Choice.ADD_VERSION:
        return claimants[0]
    if len(claimants) > 1:
        raise DecisionNeeded(
            f"the identifiers of this submission belong to several objects: {names}; "
            "add a version to the first, make a new object without them, or refuse",
            list(Choice),
        )
    if not may(actor, "object.add_version", claimants[0]):
        raise DecisionNeeded(
            # Whose it is the depositor is not told: who decides sees it on the page of the object.
            f"{actor.name} hands in a version of {names}, which belongs to somebody else; "
            "add it, make a new object, or refuse",
            list(Choice),
        )
    return claimants[0]


def _requested(object_id: ObjectId) -> _Claimant:
    entity = IntellectualEntity.objects.filter(object_id=object_id).first()
    if entity is None:
        raise ObjectMissing(f"there is no object {object_id} to add a version to")
    return _Claimant(object_id, entity.owner)


def _known(identifier: OutsideIdentifier) -> _Claimant | None:
    row = (
        Identifier.objects.filter(type=identifier.type, value=identifier.value)
        .select_related("entity")
        .first()
    )
    return None if row is None else _Claimant(str(row.entity.object_id), row.entity.owner)


def _stands_for(identifier: OutsideIdentifier, chosen: _Claimant) -> bool:
    """Say whether the identifier is, or will be, that of the chosen object."""
    known = _known(identifier)
    if known is not None:
        return known.object_id == chosen.object_id
    return Reservation.objects.filter(
        type=identifier.type, value=identifier.value, object_id=chosen.object_id
    ).exists()


def _checked(identifier: OutsideIdentifier) -> OutsideIdentifier:
    for text in (identifier.type, identifier.value):
        if not text.strip() or len(text.encode("utf-8", "surrogateescape")) > _LONGEST_BYTES:
            raise InvalidArgument(
                f"the identifier {identifier.type[:80]}:{identifier.value[:80]} is empty or longer "
                f"than {_LONGEST_BYTES} bytes; correct it in the package"
            )
    return identifier


def release_object(object_id: ObjectId) -> None:
    """Give back the identifiers of an object that will not be made; nothing once it is there."""
    if not IntellectualEntity.objects.filter(object_id=object_id).exists():
        Reservation.objects.filter(object_id=object_id).delete()
