"""What one request, command or job asked the policy for: the audit trail is written from it.

Every service asks before it does anything, so no deed passes unseen and no service has to remember
to tell. Whoever calls services opens a unit; the recorder, registered at start, is given it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from muniment.runtime.errors import PermissionDenied

if TYPE_CHECKING:
    from muniment.runtime.actor import Actor

log = logging.getLogger(__name__)
_MOST = 1000


class AuditOutcome(StrEnum):
    """How what was asked for ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the policy, and its answer. `thing` is "" where it was about no one thing."""

    actor: Actor
    action: str
    thing: str
    is_allowed: bool


@dataclass(slots=True)
class Unit:
    """One request, command or attempt of a job.

    `thing` is what it was about as far as its edge knows, `detail` how it came; neither holds a
    secret. `told` are the actions that services have written down themselves.
    """

    thing: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)
    address: str = ""
    request_id: str = ""
    outcome: AuditOutcome = AuditOutcome.DONE
    is_dry: bool = False
    asked: dict[tuple[str, str, str, bool], Asked] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    def note(self, asked: Asked) -> None:
        """Keep a question; allowed reading leaves no trace."""
        if asked.is_allowed and asked.action.endswith(".read"):
            return
        key = (asked.actor.name, asked.action, asked.thing, asked.is_allowed)
        self.asked.setdefault(key, asked)
        if len(self.asked) >= _MOST:  # work on a million objects must not hold them all
            self._hand_over()

    def keep_only(self, action: str) -> None:
        """Forget what was asked and allowed, but for one action: nothing else was done."""
        for key, asked in list(self.asked.items()):
            if asked.is_allowed and asked.action != action:
                del self.asked[key]

    def _hand_over(self) -> None:
        if not self.is_dry and _Registry.recorder is not None:
            _Registry.recorder(self)
        self.asked.clear()


class _Registry:
    recorder: Callable[[Unit], None] | None = None


_unit: ContextVar[Unit | None] = ContextVar("unit", default=None)


def register_recorder(recorder: Callable[[Unit], None]) -> None:
    """Install what writes the audit trail of this process."""
    _Registry.recorder = recorder


def note(actor: Actor, action: str, thing: object, *, is_allowed: bool) -> None:
    """Tell the unit that runs, if one does, what was asked of the policy."""
    unit = _unit.get()
    if unit is not None:
        unit.note(Asked(actor, action, "" if thing is None else str(thing), is_allowed))


def tell(action: str) -> None:
    """Tell the unit that runs, if one does, that a service wrote this deed down itself."""
    unit = _unit.get()
    if unit is not None:
        unit.told.add(action)


@contextmanager
def unit_of_work(unit: Unit) -> Iterator[Unit]:
    """Collect in `unit` what is asked while the block runs; have it recorded at the end.

    A trail that cannot be written fails the block, unless that has failed already.
    """
    token = _unit.set(unit)
    try:
        yield unit
    except BaseException as exc:
        _unit.reset(token)
        unit.outcome, unit.detail = _outcome_of(exc), {**unit.detail, "ended": type(exc).__name__}
        try:
            unit._hand_over()
        except Exception as fault:  # noqa: BLE001  # what failed first is told, not what follows
            log.error("the audit trail was not written", extra={"fault": repr(fault)})  # noqa: TRY400  # its trace is that of the first
        raise
    _unit.reset(token)
    unit._hand_over()


def _outcome_of(exc: BaseException) -> AuditOutcome:
    if isinstance(exc, PermissionDenied):
        return AuditOutcome.REFUSED
    # The orders to stop that a job gets are no failure: what was done before them is done.
    is_failure = isinstance(exc, (Exception, KeyboardInterrupt))
    return AuditOutcome.FAILED if is_failure else AuditOutcome.DONE
