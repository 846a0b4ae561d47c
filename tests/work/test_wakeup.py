"""On PostgreSQL a new job wakes an idle worker; SQLite's looks again by itself."""

from __future__ import annotations

import time
from typing import LiteralString

import psycopg
import pytest
from django.db import transaction

from muniment.work import wakeup
from muniment.work.wakeup import Listener, Sleeper, open_wakeup
from tests.eventually import eventually
from tests.work.builders import a_job
from tests.work.processes import Ground

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["muniment.work"])
LONG_S = 60.0
"""Longer than these tests may take: who comes back before was woken."""


@pytest.fixture
def on_server(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("db") != "postgres":
        pytest.skip("SQLite has no messages (2026-11-30)")


class Spent:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()

    def is_less_than(self, limit_s: float) -> bool:
        return time.monotonic() - self._began_s < limit_s


@pytest.fixture
def spent() -> Spent:
    return Spent()


@pytest.mark.usefixtures("on_server")
def test_a_new_job_ends_the_wait(spent: Spent) -> None:
    with Listener() as listener:
        a_job()
        listener.wait(LONG_S)
    assert spent.is_less_than(LONG_S / 2)


@pytest.mark.usefixtures("on_server")
def test_a_job_that_is_rolled_back_wakes_nobody(spent: Spent) -> None:
    with Listener() as listener:
        with transaction.atomic():
            a_job()
            transaction.set_rollback(True)
        listener.wait(0.2)
    assert not spent.is_less_than(0.2)


@pytest.mark.usefixtures("on_server")
def test_an_idle_worker_is_woken_at_once_by_a_job_of_another_process(
    ground: Ground, spent: Spent
) -> None:
    """It looks at the queue of its own accord only every minute."""
    worker = ground.start("work", IDLE=str(LONG_S))
    eventually(lambda: _listens(ground), within_s=30)
    ground.run("enqueue", "patient", "1")
    ground.has_started()
    assert spent.is_less_than(LONG_S)
    (ground.home / "go").touch()
    eventually(lambda: _has_succeeded(ground), within_s=30)
    worker.kill()
    worker.communicate()


def _listens(ground: Ground) -> bool:
    """Say whether a connection to the ground's database waits for messages."""
    asked = "SELECT query FROM pg_stat_activity WHERE datname = current_database()"
    return ("LISTEN muniment_work",) in _rows(ground, asked)


def _has_succeeded(ground: Ground) -> bool:
    return _rows(ground, "SELECT state FROM work_job") == [("succeeded",)]


def _rows(ground: Ground, question: LiteralString) -> list[tuple[object, ...]]:
    with psycopg.connect(ground.archive.database) as connection:
        return connection.execute(question).fetchall()


def test_each_database_has_its_own_way(request: pytest.FixtureRequest) -> None:
    found = open_wakeup()
    found.close()
    is_server = request.config.getoption("db") == "postgres"
    assert isinstance(found, Listener if is_server else Sleeper)


def test_without_messages_the_longest_sleep_is_short(spent: Spent) -> None:
    Sleeper().wait(LONG_S)
    assert spent.is_less_than(LONG_S / 2)


def test_waking_is_harmless_where_nobody_listens() -> None:
    wakeup.notify("default")
