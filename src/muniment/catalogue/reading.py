"""The rule for reading objects: what their policies grant, held back by embargo and rights."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from muniment.administration.reading import ReadingRule, register_reading
from muniment.catalogue.models import (
    ActRestriction,
    IntellectualEntity,
    ReadingGrant,
    ReadingPolicy,
)
from muniment.catalogue.types import ReadingPolicyName, Restriction
from muniment.runtime.actor import Actor, Level, Role
from muniment.runtime.clock import Clock, SystemClock
from muniment.runtime.registry import adapter_of, has_adapter
from muniment.runtime.settings import settings

EVERYONE, SIGNED_IN = "everyone", "signed-in"


def audiences_of(actor: Actor) -> tuple[str, ...]:
    """Return the audiences that an actor belongs to."""
    if not actor.has_any(*(role for role in Role if role is not Role.ANONYMOUS)):
        return (EVERYONE,)
    return (EVERYONE, SIGNED_IN, *(f"group:{name}" for name in sorted(actor.groups)))


def grants_of(policy: ReadingPolicy) -> Iterator[tuple[str, Level]]:
    """Give what a policy means for each audience (the table of access spec §5)."""
    match ReadingPolicyName(policy.name):
        case ReadingPolicyName.PUBLIC:
            yield EVERYONE, Level.DOWNLOAD
        case ReadingPolicyName.REGISTERED:
            yield SIGNED_IN, Level.DOWNLOAD
        case ReadingPolicyName.METADATA_ONLY:
            yield SIGNED_IN, Level.METADATA
        case ReadingPolicyName.GROUPS:
            if policy.others_level:
                yield SIGNED_IN, Level(policy.others_level)
            for name in policy.groups:
                yield f"group:{name}", Level.DOWNLOAD
        case ReadingPolicyName.STAFF:
            return


def open_object_ids(actor: Actor, at_least: Level) -> QuerySet[ReadingGrant, UUID]:
    """Return a subquery of the identifiers of the objects that policies open to the actor."""
    held_back = Q(policy__embargo_until__gte=_today(), policy__embargo_level__lt=at_least)
    rows = ReadingGrant.objects.filter(audience__in=audiences_of(actor), level__gte=at_least)
    rows = rows.exclude(held_back)
    if too_low := [each.value for each in Restriction if _cap_of(each) < at_least]:
        restricted = restrictions_in_force().filter(restriction__in=too_low)
        rows = rows.exclude(policy__object_id__in=restricted.values("entity__object_id"))
    return rows.values_list("policy__object_id", flat=True)


def restrictions_in_force() -> QuerySet[ActRestriction, ActRestriction]:
    """Return what rights restrict today of the acts that concern readers."""
    today = _today()
    return ActRestriction.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=today),
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        act__in=[each.lower() for each in settings().rights_acts],
    )


def _cap_of(restriction: str) -> Level:
    """Return the most that readers see of an object with the restriction."""
    levels = {
        Restriction.DISALLOW.value: settings().rights_disallow_level,
        Restriction.CONDITIONAL.value: settings().rights_conditional_level,
    }
    return Level[levels[restriction].upper()]


def _visible(
    actor: Actor, rows: QuerySet[IntellectualEntity, IntellectualEntity], at_least: Level
) -> QuerySet[IntellectualEntity, IntellectualEntity]:
    return rows.filter(object_id__in=open_object_ids(actor, at_least))


def _level(actor: Actor, entity: IntellectualEntity) -> Level:
    policy = (
        ReadingPolicy.objects.filter(object_id=entity.object_id).prefetch_related("grants").first()
    )
    if policy is None:
        return Level.NONE
    mine = audiences_of(actor)
    found = max((each.level for each in policy.grants.all() if each.audience in mine), default=0)
    if policy.embargo_until and policy.embargo_until >= _today():
        found = min(found, policy.embargo_level)
    if found > Level.NONE:
        restricted = restrictions_in_force().filter(entity=entity)
        kinds = restricted.values_list("restriction", flat=True).distinct()
        found = min([found, *map(_cap_of, kinds)])
    return Level(found)


def _today() -> date:
    if not has_adapter(Clock):
        return SystemClock().now().date()  # before an archive is open
    return adapter_of(Clock).now().date()  # type: ignore[type-abstract]  # a port is a Protocol


def register() -> None:
    """Register the rule; called when the applications are loaded."""
    register_reading(IntellectualEntity, ReadingRule(_level, _visible))
