"""Whoever reads on behind a number skips no event of a transaction that ends late."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, connections, transaction

from muniment.runtime.actor import SYSTEM
from muniment.work import outbox
from muniment.work.models import DomainEvent
from muniment.work.queries import events_after, last_event_number
from muniment.work.settled_events import begin_telling

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["muniment.work"])
_PATIENCE_S = 30


@contextmanager
def open_transaction(*words: str, fails: bool = False) -> Iterator[Future[list[int]]]:
    """Tell these in another thread's transaction, which stays open until the block ends."""
    told, may_end = threading.Event(), threading.Event()

    def tell() -> list[int]:
        try:
            with transaction.atomic():
                numbers = [outbox.add("said", word=word).pk for word in words]
                told.set()
                may_end.wait(_PATIENCE_S)
                transaction.set_rollback(fails)
            return numbers
        finally:
            told.set()
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(tell)
        assert told.wait(_PATIENCE_S)
        try:
            yield future
        finally:
            may_end.set()


def read() -> list[str]:
    return [each.payload["word"] for each in events_after(SYSTEM, 0, limit=100)]


def only_where_transactions_overlap() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("one transaction writes after the other there, so numbers come in order")


def test_what_follows_an_open_transaction_waits_for_its_end() -> None:
    only_where_transactions_overlap()
    outbox.add("said", word="before")
    with open_transaction("late"):
        outbox.add("said", word="early")
        assert read() == ["before"]
        known = last_event_number()
    assert [each.payload["word"] for each in events_after(SYSTEM, known, limit=9)] == [
        "late",
        "early",
    ]


def test_what_never_came_holds_nobody_up() -> None:
    only_where_transactions_overlap()
    with open_transaction("never", fails=True):
        outbox.add("said", word="early")
        assert read() == []
    assert read() == ["early"]


def test_the_oldest_of_several_counts() -> None:
    only_where_transactions_overlap()
    with open_transaction("first"):
        with open_transaction("second"):
            outbox.add("said", word="third")
            assert read() == []
        assert read() == []
    assert read() == ["first", "second", "third"]


def test_a_transaction_sees_what_it_tells() -> None:
    with transaction.atomic():
        outbox.add("said", word="mine")
        assert read() == ["mine"]
        outbox.add("said", word="mine too")
        assert read() == ["mine", "mine too"]


def test_a_transaction_holds_one_lock_however_much_it_tells() -> None:
    only_where_transactions_overlap()
    count = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    with transaction.atomic():
        for each in range(20):
            outbox.add("said", word=f"{each}")
        with connection.cursor() as cursor:
            cursor.execute(count)
            assert cursor.fetchone() == (1,)
    with connection.cursor() as cursor:
        cursor.execute(count)
        assert cursor.fetchone() == (0,)


def test_a_savepoint_that_is_undone_leaves_no_gap() -> None:
    only_where_transactions_overlap()
    with transaction.atomic():
        begin_telling()
        with transaction.atomic():
            outbox.add("said", word="undone")
            transaction.set_rollback(True)
        outbox.add("said", word="kept")
    assert read() == ["kept"]


def test_without_events_there_is_no_number() -> None:
    DomainEvent.objects.all().delete()
    assert last_event_number() == 0
    assert read() == []
