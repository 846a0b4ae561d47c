from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import OperationalError, transaction
from django.db.models.functions import Now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.work import outbox
from muniment.work.models import Delivery, DomainEvent, Job
from muniment.work.outbox import Event
from tests.work.builders import a_job

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["muniment.work"])


def _listen(
    name: str = "listener", *, fails_on: Callable[[Event], bool] | None = None
) -> list[str]:
    """Subscribe to "said"; return the list that gets what was heard, as entity:word."""
    heard: list[str] = []

    def handler(event: Event) -> None:
        if fails_on is not None and fails_on(event):
            raise ValueError(f"cannot take {event.payload['word']}")
        heard.append(f"{event.entity}:{event.payload['word']}")

    outbox.subscribe(name, ["said"], handler)
    return heard


def _say(entity: str, word: str) -> None:
    outbox.add("said", entity=entity, word=word)


def _make_all_due() -> None:
    Delivery.objects.update(due_at=Now())


def test_a_subscriber_hears_what_it_asked_for() -> None:
    heard = _listen()
    _say("a", "1")
    outbox.add("other")
    assert outbox.drain() == 1
    assert heard == ["a:1"]


def test_an_event_is_delivered_once() -> None:
    heard = _listen()
    _say("a", "1")
    outbox.drain()
    assert outbox.drain() == 0
    assert heard == ["a:1"]


def test_an_event_goes_with_the_transaction_that_made_it() -> None:
    heard = _listen()
    with transaction.atomic():
        _say("a", "1")
        transaction.set_rollback(True)
    assert outbox.drain() == 0
    assert heard == []


def test_an_event_knows_its_entity_from_its_payload() -> None:
    assert outbox.add("x", object_id="o", submission_id="s").entity == "o"
    assert outbox.add("x", submission_id="s").entity == "s"
    assert outbox.add("x").entity == ""


def test_a_failing_handler_is_tried_again_and_keeps_the_order() -> None:
    broken = [True]
    heard = _listen(fails_on=lambda event: broken[0] and event.payload["word"] == "1")
    for word in "123":
        _say("a", word)
    outbox.drain()
    assert heard == []
    broken.clear()
    broken.append(False)
    _make_all_due()
    outbox.drain()
    assert heard == ["a:1", "a:2", "a:3"]


def test_other_entities_do_not_wait_for_a_failing_one() -> None:
    heard = _listen(fails_on=lambda event: event.entity == "a")
    _say("a", "1")
    _say("b", "1")
    _say("a", "2")
    outbox.drain()
    assert heard == ["b:1"]


def test_other_subscribers_do_not_wait_for_a_failing_one() -> None:
    _listen("broken", fails_on=lambda _: True)
    heard = _listen("sound")
    _say("a", "1")
    _say("a", "2")
    outbox.drain()
    assert heard == ["a:1", "a:2"]


def test_events_of_no_entity_do_not_wait_for_each_other() -> None:
    heard = _listen(fails_on=lambda event: event.payload["word"] == "1")
    _say("", "1")
    _say("", "2")
    outbox.drain()
    assert heard == [":2"]


def test_a_failure_is_kept_with_its_reason_and_put_off() -> None:
    _listen(fails_on=lambda _: True)
    _say("a", "1")
    outbox.drain()
    left = Delivery.objects.get()
    assert (left.attempts, left.error_text) == (1, "cannot take 1")
    assert left.due_at > left.event.at


def test_what_a_failing_handler_wrote_is_undone() -> None:
    def handler(event: Event) -> None:
        a_job()
        raise ValueError("after writing")

    outbox.subscribe("writer", ["said"], handler)
    _say("a", "1")
    outbox.drain()
    assert not Job.objects.exists()


def test_an_event_that_a_handler_makes_is_delivered_too() -> None:
    heard = _listen("second")
    outbox.subscribe("first", ["asked"], lambda event: _say(event.entity, "answer"))
    outbox.add("asked", entity="a")
    outbox.drain()
    assert heard == ["a:answer"]


def test_what_waits_for_an_absent_subscriber_is_delivered_when_it_is_back() -> None:
    _listen()
    _say("a", "1")
    outbox.unsubscribe("listener")
    assert outbox.drain() == 0
    heard = _listen()
    outbox.drain()
    assert heard == ["a:1"]


def test_a_locked_database_is_no_fault_of_the_handler() -> None:
    def handler(event: Event) -> None:
        raise OperationalError("database is locked")

    outbox.subscribe("unlucky", ["said"], handler)
    _say("a", "1")
    with pytest.raises(OperationalError):
        outbox.drain()
    assert Delivery.objects.get().attempts == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    words=st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), max_size=8),
    failing=st.sets(st.integers(0, 7)),
)
def test_each_entity_is_heard_in_its_order_whatever_fails(
    words: list[tuple[str, int]], failing: set[int]
) -> None:
    """At least once, in order per entity: archive spec §5, domain events."""
    Delivery.objects.all().delete()
    first = DomainEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    heard = _listen(fails_on=lambda event: event.number - first - 1 in failing)
    for entity, number in words:
        _say(entity, str(number))
    outbox.drain()
    failing.clear()
    _make_all_due()
    outbox.drain()
    for entity in "ab":
        said = [f"{each}:{number}" for each, number in words if each == entity]
        assert [each for each in heard if each.startswith(entity)] == said
