"""Signs of life of workers."""

from __future__ import annotations

import pytest

from muniment.work import signs
from muniment.work.database_time import from_now
from muniment.work.models import WorkerSign
from muniment.work.owner import this_process

pytestmark = pytest.mark.django_db


def test_without_a_worker_nobody_was_seen() -> None:
    assert signs.workers_seen() == signs.Workers(0, None, None)


def test_a_sign_is_seen_and_fresh() -> None:
    signs.give_sign()
    seen = signs.workers_seen()
    assert seen.alive == 1
    assert seen.last_sign_at is not None
    assert 0 <= (seen.age_s or 0) < 30


def test_a_second_sign_is_the_same_worker() -> None:
    signs.give_sign()
    signs.give_sign()
    assert WorkerSign.objects.count() == 1


def test_who_was_silent_for_a_minute_is_not_alive() -> None:
    signs.give_sign()
    WorkerSign.objects.update(seen_at=from_now(-120))
    seen = signs.workers_seen()
    assert (seen.alive, 100 < (seen.age_s or 0) < 200) == (0, True)


def test_a_worker_that_ends_takes_its_sign_back() -> None:
    signs.give_sign()
    signs.take_sign_back()
    assert signs.workers_seen().alive == 0


def test_the_signs_of_the_dead_and_the_long_silent_go() -> None:
    here = this_process()
    dead = str(here).rpartition("/")[0] + "/1"  # the number of this process, started otherwise
    WorkerSign.objects.create(owner=dead)
    WorkerSign.objects.create(owner="far/away/1/2/3", seen_at=from_now(-30 * 86_400))
    WorkerSign.objects.create(owner="far/other/1/2/3")
    signs.give_sign()
    assert set(WorkerSign.objects.values_list("owner", flat=True)) == {
        "far/other/1/2/3",
        str(here),
    }
