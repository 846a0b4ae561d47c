"""Each night goes what is old: sessions that are over, pictures, exports; what is young stays."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session

from muniment.administration.models import SignedIn
from muniment.administration.services.sessions import note_session
from muniment.runtime.actor import SYSTEM, Role
from muniment.runtime.home import ArchiveHome
from muniment.runtime.settings import Settings
from muniment.work.clearing import clear_all
from muniment.work.interruptions import Stopping
from muniment.work.jobs import DAILY_PRUNING
from muniment.work.models import Job, JobChange
from muniment.work.services import cancel, enqueue
from muniment.work.worker import Worker
from tests.ingest.open_archive import OpenArchive
from tests.site.conftest import SignIn

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
KEEP = Settings(keep_previews_days=30, keep_exports_days=10)


def clear(check: Callable[[], None] = lambda: None) -> dict[str, int]:
    return clear_all(KEEP, NOW, check)


def a_session(key: str, days_left: int) -> None:
    until = NOW + timedelta(days=days_left)
    Session.objects.create(session_key=key, session_data="", expire_date=until)


def a_picture(home: ArchiveHome, name: str, days_old: int) -> Path:
    picture = home.previews / "ab" / f"{name}.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(b"png")
    at = (NOW - timedelta(days=days_old)).timestamp()
    os.utime(picture, (at, at))
    return picture


def an_export(home: ArchiveHome, ended_days_ago: int | None) -> Path:
    job = enqueue("bulk", {}, actor=SYSTEM)
    if ended_days_ago is not None:
        cancel(job.pk, actor=SYSTEM)
        Job.objects.filter(pk=job.pk).update(ended_at=NOW - timedelta(days=ended_days_ago))
    folder = home.exports / str(job.pk)
    folder.mkdir(parents=True)
    (folder / "one.zip").write_bytes(b"zip")
    return folder


def test_sessions_that_are_over_go_with_what_was_noted_of_them(
    open_archive: OpenArchive, sign_in: SignIn
) -> None:
    user = sign_in(Role.READER).user
    for key, days_left in (("old", -1), ("young", 1)):
        a_session(key, days_left)
    for key in ("old", "young", "never"):
        note_session(user, key, address="::1", agent="x", clock=open_archive.clock)
    assert clear()["sessions"] == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["young"]
    assert list(SignedIn.objects.values_list("session_key", flat=True)) == ["young"]


def test_more_sessions_than_one_batch_go_all(open_archive: OpenArchive) -> None:
    until = NOW - timedelta(days=1)
    Session.objects.bulk_create(
        Session(session_key=f"s{n}", session_data="", expire_date=until) for n in range(1001)
    )
    assert clear()["sessions"] == 1001
    assert not Session.objects.exists()


def test_old_pictures_go_and_young_ones_stay(open_archive: OpenArchive) -> None:
    old, young = (a_picture(open_archive.home, str(days), days) for days in (31, 29))
    assert clear()["previews"] == 1
    assert (old.exists(), young.exists()) == (False, True)


def test_exports_go_when_their_days_are_over_or_their_job_is_no_more(
    open_archive: OpenArchive,
) -> None:
    home = open_archive.home
    old, young, running, lost = (an_export(home, days) for days in (11, 9, None, 1))
    JobChange.objects.filter(job=int(lost.name)).delete()
    Job.objects.filter(pk=int(lost.name)).delete()
    assert clear()["exports"] == 2
    assert [each.exists() for each in (old, young, running, lost)] == [False, True, True, False]


def test_what_a_crash_left_of_an_export_goes_the_next_time(open_archive: OpenArchive) -> None:
    left = open_archive.home.exports / ".gone-7"
    left.mkdir(parents=True)
    (left / "one.zip").write_bytes(b"zip")
    clear()
    assert not left.exists()


def test_what_is_no_export_is_left_alone(open_archive: OpenArchive) -> None:
    kept = open_archive.home.exports / "7-notes"
    kept.mkdir(parents=True)
    clear()
    assert kept.is_dir()


def test_nothing_to_clear_is_no_fault(open_archive: OpenArchive) -> None:
    assert clear() == {"exports": 0, "previews": 0, "sessions": 0}


def test_a_stop_is_obeyed_between_two_exports(open_archive: OpenArchive) -> None:
    exports = [an_export(open_archive.home, 11) for _ in range(2)]

    def stop() -> None:
        raise Stopping

    with pytest.raises(Stopping):
        clear(stop)
    assert all(each.exists() for each in exports)


def test_the_nightly_pruning_does_it(open_archive: OpenArchive) -> None:
    a_session("old", -400)
    job = enqueue(DAILY_PRUNING.kind, {}, actor=SYSTEM)
    Worker().run_until_idle()
    job.refresh_from_db()
    assert job.result is not None
    assert job.result["sessions"] == 1
    assert set(job.result) == {"events", "exports", "jobs", "previews", "sessions"}
