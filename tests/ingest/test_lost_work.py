"""Work files and rows that an interruption took away are made again, and nothing twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.catalogue.models import Identifier, Reservation
from muniment.ingest.area import WorkArea
from muniment.ingest.ending import follow_jobs
from muniment.ingest.models import Submission
from muniment.ingest.queries import receipt_of
from muniment.ingest.types import StepState, SubmissionState
from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import Clock, SystemClock
from muniment.runtime.errors import StorageUnavailable
from muniment.runtime.registry import provide
from muniment.storage.models import Copy
from muniment.work import services as work
from muniment.work.models import Job
from tests.ingest.at_step import AtStep
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import CONTENT, a_bag

INFO = "Source-Organization: Museum\nExternal-Identifier: M-1\n"


def stopped_at(step: str, archive: OpenArchive, package: Path) -> Submission:
    """Hand in, and let the run break off when this step begins."""

    def fail() -> None:
        raise StorageUnavailable("the test pulled a plug")

    provide(Clock, AtStep(step, fail))  # type: ignore[type-abstract]  # a port is a Protocol
    submission = archive.hand_in(package)
    provide(Clock, SystemClock())  # type: ignore[type-abstract]  # likewise
    assert submission.state == SubmissionState.QUEUED
    return submission


def area_of(archive: OpenArchive, submission: Submission) -> WorkArea:
    return WorkArea.of(archive.home, str(submission.submission_id))


def goes_on(archive: OpenArchive, submission: Submission) -> Submission:
    """Let an operator try the job again, now."""
    work.retry(submission.job_id or 0, actor=SYSTEM)
    Submission.objects.filter(pk=submission.pk).update(held_reason="")
    return archive.finish(submission)


def power_is_cut(area: WorkArea) -> None:
    """Leave what a machine may find of files that were never synced: names without content."""
    for file in area.package.rglob("*.txt"):
        file.unlink()  # not in place: sealing links to it
        file.touch()
    (area.path / ".boot").write_text("the boot before")


def it_is_cleared(area: WorkArea) -> None:
    shutil.rmtree(area.path)


LOSSES = pytest.mark.parametrize("lose", [power_is_cut, it_is_cleared])


@LOSSES
@pytest.mark.parametrize("step", ["verify", "describe", "seal", "index"])
def test_work_files_that_are_lost_are_made_again(
    open_archive: OpenArchive, tmp_path: Path, step: str, lose: Callable[[WorkArea], None]
) -> None:
    submission = stopped_at(step, open_archive, a_bag(tmp_path / "bag", info=INFO))
    lose(area_of(open_archive, submission))
    goes_on(open_archive, submission)
    assert (submission.state, submission.version) == (SubmissionState.ACCEPTED, 1)
    with open_archive.root.open_version(next(open_archive.root.object_ids())) as version:
        for name, data in CONTENT.items():
            with version.open(f"representations/original/data/{name}") as stream:
                assert stream.read() == data
    assert Identifier.objects.get().value == "M-1"


def test_work_files_that_are_there_are_not_made_again(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    bag = a_bag(tmp_path / "bag")
    submission = stopped_at("describe", open_archive, bag)
    shutil.rmtree(bag)
    assert goes_on(open_archive, submission).state == SubmissionState.ACCEPTED


def test_a_version_that_the_database_forgot_is_not_made_twice(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    """A power cut between the rename and the commit, with the work files gone as well."""
    first = open_archive.hand_in(a_bag(tmp_path / "one", info=INFO))
    submission = stopped_at("index", open_archive, a_bag(tmp_path / "two", info=INFO))
    it_is_cleared(area_of(open_archive, submission))
    Copy.objects.filter(number=2).delete()
    Submission.objects.filter(pk=submission.pk).update(version=None)
    submission.step_runs.filter(name="seal").update(state=StepState.RUNNING)
    goes_on(open_archive, submission)
    assert (submission.state, submission.version) == (SubmissionState.ACCEPTED, 2)
    assert open_archive.root.head(next(open_archive.root.object_ids())) == 2
    assert sorted(Copy.objects.values_list("number", "is_head")) == [(1, False), (2, True)]
    assert submission.object_id == first.object_id


@LOSSES
def test_a_refused_package_is_looked_at_again_when_its_findings_are_lost(
    open_archive: OpenArchive, tmp_path: Path, lose: Callable[[WorkArea], None]
) -> None:
    bag = a_bag(tmp_path / "bag")
    (bag / "data" / "list.csv").write_bytes(b"altered")
    submission = stopped_at("ending", open_archive, bag)
    lose(area_of(open_archive, submission))
    goes_on(open_archive, submission)
    assert (submission.state, submission.error_count) == (SubmissionState.REFUSED, 1)
    assert "list.csv" in receipt_of(submission).read_text()


def test_what_is_found_twice_is_counted_once(open_archive: OpenArchive, tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag", {**CONTENT, "List.csv": b"a twin\n"})
    submission = stopped_at("describe", open_archive, bag)
    it_is_cleared(area_of(open_archive, submission))
    goes_on(open_archive, submission)
    assert submission.warning_count == receipt_of(submission).read_text().count('"warning"') == 1


def test_a_cancelled_submission_gives_its_identifiers_back(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    submission = stopped_at("seal", open_archive, a_bag(tmp_path / "bag", info=INFO))
    assert Reservation.objects.exists()
    work.cancel(submission.job_id or 0, actor=SYSTEM)
    follow_jobs(home=open_archive.home, clock=open_archive.clock)
    submission.refresh_from_db()
    assert submission.state == SubmissionState.CANCELLED
    assert not Reservation.objects.exists()
    assert not area_of(open_archive, submission).path.exists()


def test_identifiers_that_another_submission_waits_for_are_kept(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    first = stopped_at("seal", open_archive, a_bag(tmp_path / "one", info=INFO))
    second = stopped_at("seal", open_archive, a_bag(tmp_path / "two", info=INFO))
    assert first.object_id == second.object_id
    work.cancel(first.job_id or 0, actor=SYSTEM)
    follow_jobs(home=open_archive.home, clock=open_archive.clock)
    assert Reservation.objects.exists()
    assert goes_on(open_archive, second).version == 1
    assert Job.objects.get(pk=first.job_id or 0).state == "cancelled"


def test_a_refused_package_is_not_looked_at_again(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    bag = a_bag(tmp_path / "bag", info=INFO)
    (bag / "data" / "list.csv").write_bytes(b"altered")
    submission = stopped_at("ending", open_archive, bag)
    goes_on(open_archive, submission)
    assert submission.state == SubmissionState.REFUSED
    attempts = dict(submission.step_runs.values_list("name", "attempts"))
    assert (attempts["verify"], attempts["seal"]) == (1, 0)
