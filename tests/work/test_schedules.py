from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now
from hypothesis import given
from hypothesis import strategies as st

from muniment.runtime.actor import SYSTEM, Role, actor_with
from muniment.runtime.clock import FakeClock
from muniment.runtime.errors import Conflict, InvalidArgument, ObjectMissing, PermissionDenied
from muniment.work import schedules
from muniment.work.models import Job, Schedule
from muniment.work.schedules import Plan, next_time
from tests.work.builders import ADA, a_claim

pytestmark = pytest.mark.django_db

NIGHTLY = Plan("nightly", "30 2 * * *", "test-echo", {"all": True}, "Europe/Zurich")


def _a_schedule(plan: Plan = NIGHTLY) -> Schedule:
    return schedules.add(plan, actor=SYSTEM, clock=FakeClock())


def _make_due(schedule: Schedule, *, days_ago: int = 0) -> None:
    Schedule.objects.filter(pk=schedule.pk).update(
        next_run_at=Now() - timedelta(days=days_ago, seconds=1)
    )


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_a_schedule_begins_at_its_next_time_in_its_zone() -> None:
    assert _a_schedule().next_run_at == _at("2026-01-01T01:30:00+00:00")


def test_nothing_runs_before_its_time() -> None:
    schedule = _a_schedule()
    Schedule.objects.filter(pk=schedule.pk).update(next_run_at=Now() + timedelta(hours=1))
    assert schedules.fire_due() == 0


def test_a_due_schedule_queues_its_job() -> None:
    schedule = _a_schedule()
    _make_due(schedule)
    assert schedules.fire_due() == 1
    job = Job.objects.get()
    assert (job.kind, job.arguments, job.asked_by) == ("test-echo", {"all": True}, "muniment")


def test_missed_times_coalesce_into_one_run() -> None:
    schedule = _a_schedule()
    _make_due(schedule, days_ago=10)
    schedules.fire_due()
    schedules.fire_due()
    assert Job.objects.count() == 1
    schedule.refresh_from_db()
    assert schedule.last_run_at is not None
    assert schedule.next_run_at > schedule.last_run_at


def test_a_time_is_missed_while_the_last_job_is_not_done() -> None:
    schedule = _a_schedule()
    _make_due(schedule)
    schedules.fire_due()
    a_claim()
    _make_due(schedule)
    assert schedules.fire_due() == 0
    assert Job.objects.count() == 1


def test_after_the_job_is_done_the_next_time_fires() -> None:
    schedule = _a_schedule()
    _make_due(schedule)
    schedules.fire_due()
    Job.objects.update(state="succeeded", ended_at=Now())
    _make_due(schedule)
    assert schedules.fire_due() == 1


def test_a_schedule_of_a_kind_that_is_not_installed_waits() -> None:
    schedule = _a_schedule()
    _make_due(schedule)
    Schedule.objects.update(kind="gone")
    assert schedules.fire_due() == 0


def test_a_disabled_schedule_does_not_fire() -> None:
    schedule = _a_schedule()
    _make_due(schedule)
    Schedule.objects.update(is_enabled=False)
    assert schedules.fire_due() == 0


def test_a_name_is_taken_once() -> None:
    _a_schedule()
    with pytest.raises(Conflict, match="already a schedule"):
        _a_schedule()


def test_a_schedule_is_removed_and_its_jobs_stay() -> None:
    _make_due(_a_schedule())
    schedules.fire_due()
    schedules.remove("nightly", actor=SYSTEM)
    assert (Schedule.objects.count(), Job.objects.count()) == (0, 1)


def test_what_is_not_there_cannot_be_removed() -> None:
    with pytest.raises(ObjectMissing):
        schedules.remove("nightly", actor=SYSTEM)


def test_only_who_may_changes_schedules() -> None:
    with pytest.raises(PermissionDenied):
        schedules.add(NIGHTLY, actor=ADA, clock=FakeClock())
    with pytest.raises(PermissionDenied):
        schedules.remove("nightly", actor=ADA)


def test_who_may_read_jobs_sees_the_schedules() -> None:
    _a_schedule()
    assert [each.name for each in schedules.visible_schedules(ADA)] == ["nightly"]
    with pytest.raises(PermissionDenied):
        schedules.visible_schedules(actor_with("x", Role.READER))


@pytest.mark.parametrize(
    "cron", ["", "* * * *", "61 * * * *", "x * * * *", "* * * * * *", "0 0 31 2 *"]
)
def test_a_wrong_expression_is_refused(cron: str) -> None:
    with pytest.raises(InvalidArgument, match="cron expression"):
        next_time(cron, "UTC", _at("2026-01-01T00:00:00+00:00"))


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../etc/passwd"])
def test_a_wrong_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(InvalidArgument, match="time zone"):
        next_time("* * * * *", zone, _at("2026-01-01T00:00:00+00:00"))


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="no package registered"):
        _a_schedule(Plan("x", "* * * * *", "no-such-kind"))


def test_a_night_that_has_no_half_past_two_still_has_its_run() -> None:
    """2026-03-29 in Zurich: the clock goes from 02:00 to 03:00."""
    found = next_time("30 2 * * *", "Europe/Zurich", _at("2026-03-28T12:00:00+00:00"))
    assert _at("2026-03-29T00:59:00+00:00") < found <= _at("2026-03-29T02:00:00+00:00")


def test_a_night_with_two_half_past_twos_has_one_run() -> None:
    """2026-10-25 in Zurich: the clock goes back from 03:00 to 02:00."""
    first = next_time("30 2 * * *", "Europe/Zurich", _at("2026-10-24T12:00:00+00:00"))
    second = next_time("30 2 * * *", "Europe/Zurich", first)
    assert first in {_at("2026-10-25T00:30:00+00:00"), _at("2026-10-25T01:30:00+00:00")}
    assert second == _at("2026-10-26T01:30:00+00:00")


@given(
    minute=st.integers(0, 59),
    hour=st.integers(0, 23),
    zone=st.sampled_from(["UTC", "Europe/Zurich", "America/New_York", "Asia/Kathmandu"]),
    after=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # bounds are naive here
)
def test_the_next_time_is_later_and_within_two_days(
    minute: int, hour: int, zone: str, after: datetime
) -> None:
    found = next_time(f"{minute} {hour} * * *", zone, after)
    assert after < found <= after + timedelta(days=2)


def test_an_hourly_schedule_keeps_its_pace_in_the_night_with_an_hour_twice() -> None:
    after = _at("2026-10-25T00:30:00+00:00")
    assert next_time("30 * * * *", "Europe/Zurich", after) == _at("2026-10-25T01:30:00+00:00")
