"""A command that somebody waits for ends when the database refuses for too long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection

from muniment.work import embedded
from muniment.work.outage import Outage
from muniment.work.types import JobState
from tests.work.builders import QUICK, a_claim, a_job, a_kind, fresh, raising

TABLE = "work_job"
FULL = "the disk is full"


@contextmanager
def changes_refused() -> Iterator[None]:
    """Let the database read and not change a job, as one does whose disk is full."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER refusing BEFORE UPDATE ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{FULL}'); END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{FULL}'; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER refusing BEFORE UPDATE ON {TABLE} "
                "FOR EACH ROW EXECUTE FUNCTION refuse()"
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DROP TRIGGER refusing")
            else:
                cursor.execute("DROP FUNCTION refuse CASCADE")


@pytest.mark.django_db(transaction=True, available_apps=["muniment.work"])
class TestCommand:
    def test_it_ends_when_no_job_can_be_claimed(self) -> None:
        job = a_job()
        with changes_refused(), pytest.raises(DatabaseError, match=FULL):
            embedded.run_until(lambda: JobState(fresh(job).state).is_ended, times=QUICK)
        assert fresh(job).state == "queued"

    def test_it_ends_when_the_job_of_a_lost_worker_cannot_be_taken_back(self) -> None:
        kind = a_kind(raising(AssertionError("nobody ran it")))
        job = a_job(kind)
        a_claim(kind, lease_s=0.1)
        with changes_refused(), pytest.raises(DatabaseError, match=FULL):
            embedded.run_until(lambda: JobState(fresh(job).state).is_ended, times=QUICK)
        assert fresh(job).state == "running"

    def test_it_goes_on_when_the_database_takes_changes_again(self) -> None:
        job = a_job(arguments={"word": "hello"})
        asked = 0
        refusing = changes_refused()

        def is_done() -> bool:
            nonlocal asked
            asked += 1
            if asked == 3:
                refusing.__exit__(None, None, None)
            return JobState(fresh(job).state).is_ended

        refusing.__enter__()
        embedded.run_until(is_done, times=QUICK)
        assert (fresh(job).state, fresh(job).result) == ("succeeded", {"word": "hello"})


class TestOutage:
    def test_an_answer_ends_it(self) -> None:
        outage = Outage()
        outage.begin_or_go_on(DatabaseError("refused"))
        outage.end()
        outage.raise_after(-1.0)

    def test_a_later_refusal_does_not_begin_it_anew(self) -> None:
        outage = Outage()
        outage.begin_or_go_on(DatabaseError("first"))
        time.sleep(0.02)
        outage.begin_or_go_on(DatabaseError("second"))
        with pytest.raises(DatabaseError, match="second"):
            outage.raise_after(0.01)

    def test_patience_is_kept(self) -> None:
        outage = Outage()
        outage.begin_or_go_on(DatabaseError("refused"))
        outage.raise_after(60.0)
