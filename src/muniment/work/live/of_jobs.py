"""Jobs can be watched: by state, attempt and progress."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from muniment.runtime.actor import Actor
from muniment.work.live.topics import Topic
from muniment.work.models import Job
from muniment.work.queries import visible_jobs

_LONGEST = 18  # digits; more are no number of a row


def numbers_in(things: Collection[str]) -> set[int]:
    """Return those that can be the number of a row."""
    digits = {each for each in things if each.isascii() and each.isdigit()}
    return {int(each) for each in digits if len(each) <= _LONGEST}


def _states(things: Collection[str]) -> Mapping[str, str]:
    rows = Job.objects.filter(pk__in=numbers_in(things)).values_list(
        "pk", "state", "attempts", "progress_done", "progress_total", "progress_message"
    )
    return {str(row[0]): "/".join(map(str, row[1:])) for row in rows}


def _may_watch(actor: Actor, thing: str) -> bool:
    return visible_jobs(actor).filter(pk__in=numbers_in([thing])).exists()


JOBS = Topic("job", _states, _may_watch)
