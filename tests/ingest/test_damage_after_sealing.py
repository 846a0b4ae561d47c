"""Damage that is met once a version is sealed waits for an operator; the version stays one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from muniment.information.identifiers import ObjectId
from muniment.ingest.models import Submission
from muniment.ingest.tools import Tools
from muniment.runtime.actor import SYSTEM
from muniment.runtime.registry import adapter_of
from muniment.work import services as work
from muniment.work.embedded import run_until
from muniment.work.models import Job
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import a_bag


def head_of(archive: OpenArchive, submission: Submission) -> int:
    return archive.root.head(ObjectId(str(submission.object_id)))


def test_a_ledger_that_takes_nothing_makes_no_second_version(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    journal = open_archive.home.ledger / f"{datetime.now(UTC).date()}.jsonl"
    journal.mkdir()
    submission = open_archive.hand_in(a_bag(tmp_path / "bag"), SYSTEM)
    assert (submission.state, head_of(open_archive, submission)) == ("queued", 1)
    assert str(journal) in Job.objects.get(pk=submission.job_id or 0).error_text
    journal.rmdir()
    work.retry(submission.job_id or 0, actor=SYSTEM)
    with adapter_of(Tools):
        run_until(Submission.objects.filter(state="accepted").exists)
    submission.refresh_from_db()
    assert (submission.state, submission.version) == ("accepted", 1)
    assert head_of(open_archive, submission) == 1
