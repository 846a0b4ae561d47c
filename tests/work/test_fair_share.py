"""Requesters take turns: nobody's ten thousand jobs keep another's one waiting."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from muniment.runtime.actor import Role, actor_with
from muniment.work import limits
from muniment.work.claiming import Wanted, claim
from muniment.work.context import JobContext
from muniment.work.models import Job
from muniment.work.types import Dimension
from muniment.work.worker import Worker
from tests.work.builders import ADA, QUICK, a_job, a_kind

pytestmark = pytest.mark.django_db


def _queue(asked_by: str, count: int, *, priority: int = 0, group: str = "") -> None:
    actor = actor_with(asked_by, Role.ARCHIVIST)
    for _ in range(count):
        a_job(actor=actor, priority=priority, group=group)


def _claimed() -> list[str]:
    """Claim all that may run, as a worker does; return the requesters in their order."""
    found, turn = [], ""
    while claimed := claim("worker", Wanted(["test-echo"], turn=turn)):
        found.append(claimed.asked_by)
        turn = claimed.following
    return found


def test_requesters_take_turns() -> None:
    _queue("ada", 4)
    _queue("bob", 2)
    _queue("eve", 1)
    assert _claimed() == ["ada", "bob", "eve", "ada", "bob", "ada", "ada"]


def test_of_one_requester_the_oldest_is_next() -> None:
    _queue("ada", 5)
    _queue("bob", 5)
    assert len(_claimed()) == 10
    runs = Job.objects.filter(asked_by="ada").order_by("started_at", "pk").values_list("pk")
    assert list(runs) == sorted(runs)


def test_a_turn_does_not_outrank_urgency() -> None:
    _queue("ada", 2, priority=0)
    _queue("bob", 2, priority=5)
    assert _claimed() == ["bob", "bob", "ada", "ada"]


def test_who_comes_later_waits_for_one_job_of_the_other() -> None:
    _queue("ada", 50)
    first = claim("worker", Wanted(["test-echo"]))
    _queue("zoe", 1)
    assert first is not None
    assert _claimed()[:2] == ["ada", "zoe"]


@pytest.mark.parametrize("blocked", ["bob", "zoe"])
def test_a_requester_whose_jobs_may_not_run_holds_up_nobody(blocked: str) -> None:
    limits.pause(Dimension.GROUP, "partner", actor=ADA)
    _queue("ada", 3)
    _queue(blocked, 3, group="partner")
    _queue("eve", 2)
    assert _claimed() == ["ada", "eve", "ada", "eve", "ada"]


@pytest.mark.parametrize("seed", range(5))
def test_while_two_wait_their_shares_differ_by_at_most_one(seed: int) -> None:
    chance = random.Random(seed)
    asked = {name: chance.randint(1, 12) for name in ("ada", "bob", "eve", "zoe")}
    names = [name for name, count in asked.items() for _ in range(count)]
    chance.shuffle(names)
    for name in names:
        _queue(name, 1)
    served: Counter[str] = Counter()
    for name in _claimed():
        served[name] += 1
        waiting = [served[each] for each in asked if served[each] < asked[each]]
        assert not waiting or max(waiting) - min(waiting) <= 1
    assert served == Counter(asked)


@pytest.mark.django_db(transaction=True)
def test_a_worker_gives_everybody_a_turn() -> None:
    ran: list[str] = []

    def remember(context: JobContext) -> None:
        ran.append(context.actor.name)

    kind = a_kind(remember)
    for asked_by, count in (("ada", 8), ("bob", 1)):
        for _ in range(count):
            a_job(kind, actor=actor_with(asked_by, Role.ARCHIVIST))
    Worker(times=QUICK).run_until_idle()
    assert ran.index("bob") == 1
    assert len(ran) == 9
