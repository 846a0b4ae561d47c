"""Deciding who may read an object (access spec §5); every decision is in the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from muniment.administration.services.audit import Deed, record
from muniment.catalogue.models import ReadingGrant, ReadingPolicy
from muniment.catalogue.queries.entities import entity_for
from muniment.catalogue.reading import grants_of
from muniment.catalogue.types import ReadingPolicyName
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor, Level
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument, VersionConflict


@dataclass(frozen=True, slots=True)
class Reading:
    """Who may read an object. `groups` and `others_level` count for the policy `groups` alone.

    Until the end of `embargo_until` (UTC) nobody but staff and the owner has more than
    `embargo_level`; then it lifts itself.
    """

    policy: ReadingPolicyName = ReadingPolicyName.STAFF
    groups: tuple[str, ...] = ()
    others_level: Level = Level.NONE
    embargo_until: date | None = None
    embargo_level: Level = Level.NONE

    def as_json(self) -> dict[str, Any]:
        """Return it as pages, the API and the audit trail tell it."""
        return {
            "policy": self.policy.value,
            "groups": list(self.groups),
            "others_level": self.others_level.name.lower(),
            "embargo_until": self.embargo_until.isoformat() if self.embargo_until else None,
            "embargo_level": self.embargo_level.name.lower(),
        }


def reading_of(actor: Actor, object_id: ObjectId) -> Reading:
    """Return who may read an object. Raises ObjectMissing, PermissionDenied."""
    entity_for(actor, object_id, action="object.policy")
    return _read(object_id)


def _read(object_id: ObjectId) -> Reading:
    row = ReadingPolicy.objects.filter(object_id=object_id).first()
    if row is None:
        return Reading()
    return Reading(
        ReadingPolicyName(row.name),
        tuple(row.groups),
        Level(row.others_level),
        row.embargo_until,
        Level(row.embargo_level),
    )


def set_reading(
    object_id: ObjectId, wanted: Reading, *, seen: Reading, actor: Actor, clock: Clock
) -> Reading:
    """Decide who may read an object; `seen` is what the decider saw before.

    Raises ObjectMissing, PermissionDenied, VersionConflict when somebody else decided meanwhile,
    InvalidArgument (a group that is not there, or a policy `groups` without any).
    """
    entity_for(actor, object_id, action="object.policy")
    _check(wanted)
    with transaction.atomic():
        row, _ = ReadingPolicy.objects.select_for_update().get_or_create(
            object_id=object_id, defaults={"name": ReadingPolicyName.STAFF.value}
        )
        before = _read(object_id)
        if before != seen:
            raise VersionConflict("somebody else has decided meanwhile; look at it again")
        row.name = wanted.policy.value
        row.groups = sorted(wanted.groups)
        row.others_level = int(wanted.others_level)
        row.embargo_until = wanted.embargo_until
        row.embargo_level = int(wanted.embargo_level)
        row.save()
        row.grants.all().delete()
        ReadingGrant.objects.bulk_create(
            ReadingGrant(policy=row, audience=audience, level=int(level))
            for audience, level in grants_of(row)
        )
        detail = {"before": before.as_json(), "after": wanted.as_json()}
        record(Deed("object.policy", str(object_id), detail=detail), actor=actor, clock=clock)
    return _read(object_id)


def _check(wanted: Reading) -> None:
    highest = (Level.METADATA, Level.PREVIEW)
    if wanted.others_level > Level.PREVIEW or wanted.embargo_level > Level.PREVIEW:
        listed = ", ".join(level.name.lower() for level in (Level.NONE, *highest))
        raise InvalidArgument(f"this level can be {listed}")
    if wanted.policy is ReadingPolicyName.GROUPS:
        if not wanted.groups:
            raise InvalidArgument("name the groups that may read it, or choose another policy")
        known = set(Group.objects.filter(name__in=wanted.groups).values_list("name", flat=True))
        if unknown := sorted(set(wanted.groups) - known):
            raise InvalidArgument(f"there is no group {', '.join(unknown)}")
    elif wanted.groups or wanted.others_level:
        raise InvalidArgument("groups and the level of others belong to the policy groups")
