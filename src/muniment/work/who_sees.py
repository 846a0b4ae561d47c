"""Who sees jobs, schedules and events."""

from __future__ import annotations

from typing import Any

from muniment.runtime.actor import Actor, may
from muniment.work.models import (
    Delivery,
    DomainEvent,
    Job,
    JobChange,
    Limit,
    Schedule,
    WorkerSign,
)
from muniment.work.queries import visible_jobs
from muniment.work.schedules import visible_schedules
from muniment.work.visibility import hide, show, show_to, show_with


def register() -> None:
    """Say it for every table of this package."""
    show(Job, visible_jobs)
    show_with(JobChange, "job", Job)
    show(Schedule, _schedules)
    show_to(DomainEvent, "event.read")
    hide(Delivery, "who has still to hear of an event")
    hide(Limit, "numbers that the queue works with")
    hide(WorkerSign, "signs of life of processes")


def _schedules(actor: Actor) -> Any:  # noqa: ANN401  # a queryset
    return visible_schedules(actor) if may(actor, "job.read") else Schedule.objects.none()
