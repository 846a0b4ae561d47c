"""Child process in a mount namespace of its own: ingests on a disk that gets full at some step.

    unshare -m python -m tests.ingest.small_disk_child FOLDER < trials.json

The archive lies on a tmpfs in FOLDER, its database too where a trial says so. For each trial the
disk is made full when its step begins, a command runs, space is freed, and the next commands run.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muniment.ingest.models import Submission
    from tests.ingest.open_archive import OpenArchive

PAGE = 4096


@dataclass(frozen=True, slots=True)
class Trial:
    """Fill the disk at `step` but for `left` pages ("bytes") or names ("names")."""

    step: str
    what: str = "bytes"
    left: int = 0
    is_good: bool = True
    pipeline: str = "short"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial came to: when the disk was full, and in the end."""

    verdict_when_full: str
    reason_when_full: str
    verdict: str
    version: int | None
    attempts: int
    errors: int
    files_in_receipt: int
    objects_of_it: int
    identifiers: int
    told: list[str]
    """The types of the events that the ledger has of the object."""
    left_in_work: list[str]
    storage_errors: list[str]
    """Those when the disk was full too."""
    quarantined: list[str]


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A tmpfs whose size is changed under the archive."""

    place: Path

    def fill(self, what: str, left: int) -> None:
        """Leave only so many pages or names free."""
        system = os.statvfs(self.place)
        if what == "bytes":
            used = (system.f_blocks - system.f_bfree) * system.f_frsize
            self._remount(f"size={used + left * PAGE}")
        else:
            self._remount(f"nr_inodes={system.f_files - system.f_ffree + left}")

    def free(self) -> None:
        """Leave plenty of both."""
        self._remount("size=64m,nr_inodes=100000")

    def _remount(self, options: str) -> None:
        words = ["mount", "-o", f"remount,{options}", str(self.place)]
        subprocess.run(words, check=True)

    @classmethod
    def mounted_at(cls, place: Path) -> SmallDisk:
        """Mount it; the namespace takes it away again."""
        place.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "small", str(place)], check=True)
        return cls(place)


@contextmanager
def archive_on(disk: SmallDisk) -> Iterator[OpenArchive]:
    """Open an archive on the disk, with the database where MUNIMENT_HOME says."""
    from muniment.runtime.home import ArchiveHome
    from muniment.site.bootstrap import prepare, set_up_framework

    set_up_framework()
    logging.disable(logging.CRITICAL)
    from tests.ingest.open_archive import archive_in

    home = ArchiveHome.from_environment()
    home.path.mkdir(exist_ok=True)
    prepare(home)
    with archive_in(disk.place / "home") as archive:
        yield archive


def run_trial(trial: Trial, number: int, disk: SmallDisk, archive: OpenArchive) -> Outcome:
    """Let one package meet the full disk, free it, and go on as an operator would."""
    from muniment.runtime.clock import Clock
    from muniment.runtime.registry import provide
    from tests.ingest.at_step import AtStep
    from tests.ingest.packages import a_bag

    info = f"Source-Organization: Museum\nExternal-Identifier: M-{number}\n"
    bag = a_bag(disk.place.parent / f"bag{number}", info=info)
    if not trial.is_good:
        (bag / "data" / "list.csv").write_bytes(b"altered")
    provide(Clock, AtStep(trial.step, lambda: disk.fill(trial.what, trial.left)))  # type: ignore[type-abstract]  # a port is a Protocol
    submission = archive.submit(bag, pipeline=trial.pipeline)
    run_for_a_while(submission)
    submission.refresh_from_db()
    when_full = (submission.state, submission.held_reason, storage_errors_of(archive))
    disk.free()
    go_on(submission)
    return outcome_of(submission, when_full, archive)


def run_for_a_while(submission: Submission) -> None:
    """Run jobs until there is an answer; a database that is full gives none."""
    from django.db import DatabaseError

    from muniment.ingest.queries import all_have_verdicts
    from muniment.work.embedded import run_until
    from tests.work.builders import QUICK

    try:
        run_until(lambda: all_have_verdicts([submission.pk]), times=QUICK)
    except DatabaseError as exc:
        if "full" not in str(exc):
            raise


def go_on(submission: Submission) -> None:
    """Do what the operator does when the disk has room again."""
    from muniment.runtime.actor import SYSTEM
    from muniment.work import services as work
    from muniment.work.models import Job
    from muniment.work.worker import Worker
    from tests.eventually import eventually
    from tests.work.builders import QUICK

    job = Job.objects.get(pk=submission.job_id or 0)
    if job.state in {"queued", "held"} and job.attempts:
        work.retry(job.pk, actor=SYSTEM)

    def has_ended() -> bool:
        Worker(times=QUICK).run_until_idle()
        submission.refresh_from_db()
        return submission.ended_at is not None

    eventually(has_ended, within_s=20)


def storage_errors_of(archive: OpenArchive) -> list[str]:
    """Return what is wrong with the storage root now."""
    from muniment.information.ocfl.validation import validate_root

    report = validate_root(archive.home.storage_root, workers=1)
    return [f"{each.code}: {each.path}" for each in report.findings if each.severity == "error"]


def outcome_of(
    submission: Submission, when_full: tuple[str, str, list[str]], archive: OpenArchive
) -> Outcome:
    """Look at everything that may be half."""
    from muniment.catalogue.models import Identifier, IntellectualEntity
    from muniment.ingest.queries import receipt_of
    from muniment.runtime.registry import adapter_of
    from muniment.storage.ledger import Ledger
    from muniment.work.models import Job

    work, home = archive.home.work, archive.home
    place = home.quarantine / str(submission.submission_id)
    verdict, reason, errors = when_full
    objects = [submission.object_id] if submission.object_id else []
    return Outcome(
        verdict_when_full=verdict,
        reason_when_full=reason,
        verdict=submission.state,
        version=submission.version,
        attempts=Job.objects.get(pk=submission.job_id or 0).attempts,
        errors=submission.error_count,
        files_in_receipt=len(json.loads(receipt_of(submission).read_bytes())["files"]),
        identifiers=Identifier.objects.filter(entity__object_id__in=objects).count(),
        told=[
            str(each.payload["event_type"])
            for each in adapter_of(Ledger).read()
            if each.object_id == str(submission.object_id)
        ],
        objects_of_it=IntellectualEntity.objects.filter(object_id__in=objects).count(),
        left_in_work=[
            str(each.relative_to(work))
            for each in work.rglob("*")
            if each.is_file() and "locks" not in each.parts
        ],
        storage_errors=[*errors, *storage_errors_of(archive)],
        quarantined=sorted(each.name for each in place.rglob("*")) if place.exists() else [],
    )


def main() -> None:
    """Run the trials of standard input; print their outcomes as one JSON document."""
    trials = [Trial(**each) for each in json.load(sys.stdin)]
    disk = SmallDisk.mounted_at(Path(sys.argv[1], "disk"))
    with archive_on(disk) as archive:
        outcomes = [
            asdict(run_trial(trial, number, disk, archive)) for number, trial in enumerate(trials)
        ]
    sys.stdout.write(json.dumps(outcomes))


if __name__ == "__main__":
    main()
