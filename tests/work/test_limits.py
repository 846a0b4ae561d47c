from __future__ import annotations

import pytest

from muniment.runtime.errors import InvalidArgument, PermissionDenied
from muniment.work import backpressure, limits
from muniment.work.kinds import known_kinds
from muniment.work.models import DomainEvent
from muniment.work.types import Dimension
from tests.work.builders import ADA, BOB, a_kind

pytestmark = pytest.mark.django_db


def test_a_limit_is_set_and_taken_away() -> None:
    assert limits.set_limit(Dimension.GROUP, "g", max_running=2, actor=ADA).max_running == 2
    assert limits.set_limit(Dimension.GROUP, "g", max_running=None, actor=ADA).max_running is None


def test_a_limit_says_who_set_it() -> None:
    assert limits.set_limit(Dimension.KIND, "k", max_running=0, actor=ADA).changed_by == "ada"


def test_a_pause_leaves_the_limit_as_it_is() -> None:
    limits.set_limit(Dimension.QUEUE, "q", max_running=2, actor=ADA)
    paused = limits.pause(Dimension.QUEUE, "q", actor=ADA)
    assert (paused.is_paused, paused.max_running) == (True, 2)
    assert not limits.resume(Dimension.QUEUE, "q", actor=ADA).is_paused


def test_the_others_are_told() -> None:
    limits.pause(Dimension.QUEUE, "q", actor=ADA)
    limits.resume(Dimension.QUEUE, "q", actor=ADA)
    events = DomainEvent.objects.order_by("pk").values_list("name", "entity")
    assert list(events) == [("work paused", "queue:q"), ("work resumed", "queue:q")]


def test_a_limit_below_nothing_is_refused() -> None:
    with pytest.raises(InvalidArgument):
        limits.set_limit(Dimension.QUEUE, "q", max_running=-1, actor=ADA)


def test_a_depositor_may_not_pause_a_queue() -> None:
    with pytest.raises(PermissionDenied):
        limits.pause(Dimension.QUEUE, "q", actor=BOB)


def test_a_closed_gate_stops_the_kinds_that_take_space() -> None:
    hungry, thrifty = a_kind(print, takes_space=True), a_kind(print)
    backpressure.add_gate("disk", lambda: "the disk is nearly full")
    started = backpressure.kinds_that_may_start(known_kinds())
    assert (hungry in started, thrifty in started) == (False, True)
    assert backpressure.closed_because() == "the disk is nearly full"


def test_an_open_gate_stops_nothing() -> None:
    hungry = a_kind(print, takes_space=True)
    backpressure.add_gate("disk", lambda: None)
    assert hungry in backpressure.kinds_that_may_start(known_kinds())
    backpressure.remove_gate("disk")
    assert backpressure.closed_because() is None
