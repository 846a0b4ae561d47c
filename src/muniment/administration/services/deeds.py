"""The audit trail of all that goes through services, whoever calls them: the web, a command, a job.

The lines come from what the policy was asked (`runtime.deeds`), not from calls in each service.
"""

from __future__ import annotations

from muniment.administration.services.audit import Deed, record_all
from muniment.runtime.actor import Actor
from muniment.runtime.clock import Clock, SystemClock
from muniment.runtime.deeds import Asked, AuditOutcome, Unit, register_recorder
from muniment.runtime.registry import adapter_of, has_adapter

# Services that change these write a line of a better name; the general one would repeat it.
_TOLD_BETTER = frozenset({"user.change", "group.change", "webhook.change"})


def install() -> None:
    """Make this what writes down the deeds of the process."""
    register_recorder(record_unit)


def record_unit(unit: Unit) -> None:
    """Write what was asked for in a request, a command or a job, with how that ended."""
    deeds = lines_of(unit)
    if deeds:
        record_all(deeds, clock=_clock())


def _clock() -> Clock:
    if not has_adapter(Clock):
        return SystemClock()  # before an archive is open
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol


def lines_of(unit: Unit) -> list[tuple[Actor, Deed]]:
    """Return who did what: each question once, without those that another line answers better."""
    asked = list(unit.asked.values())
    about_things = {(each.action, each.is_allowed) for each in asked if each.thing}
    return [
        (each.actor, _deed_of(each, unit))
        for each in asked
        if (each.thing or (each.action, each.is_allowed) not in about_things)
        and not _is_told(each, unit)
    ]


def _deed_of(asked: Asked, unit: Unit) -> Deed:
    return Deed(
        asked.action,
        asked.thing or unit.thing,
        unit.outcome if asked.is_allowed else AuditOutcome.REFUSED,
        unit.detail,
        unit.address or asked.actor.address,
        unit.request_id,
    )


def _is_told(asked: Asked, unit: Unit) -> bool:
    """Say whether a service has written the deed down itself; what failed was rolled back."""
    if not asked.is_allowed or unit.outcome is not AuditOutcome.DONE:
        return False
    return asked.action in unit.told or (bool(unit.told) and asked.action in _TOLD_BETTER)
