"""Previews that nobody made lately and exports that nobody fetched any more are removed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from muniment.runtime.durable import storage_errors
from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of
from muniment.runtime.settings import Settings
from muniment.work.clearing import clears
from muniment.work.models import Job
from muniment.work.types import JobState

_GONE = ".gone-"


@clears("previews")
def clear_previews(settings: Settings, now: datetime, check: Callable[[], None]) -> int:
    """Remove pictures made before `keep_previews_days`; they are made again when needed."""
    removed, before = 0, now - timedelta(days=settings.keep_previews_days)
    folder = adapter_of(ArchiveHome).previews
    with storage_errors(str(folder)):
        for picture in folder.glob("*/*.png"):
            check()
            if picture.stat().st_mtime < before.timestamp():
                picture.unlink(missing_ok=True)
                removed += 1
    return removed


@clears("exports")
def clear_exports(settings: Settings, now: datetime, check: Callable[[], None]) -> int:
    """Remove exports of jobs that ended longer ago than `keep_exports_days`.

    A folder goes by its name first, so that nobody is given half of it; what a crash left of that
    goes the next time.
    """
    folder = adapter_of(ArchiveHome).exports
    removed, before = 0, now - timedelta(days=settings.keep_exports_days)
    with storage_errors(str(folder)):
        for old in _old_exports(folder, before):
            check()
            old.rename(folder / f"{_GONE}{old.name}")
            removed += 1
        for gone in folder.glob(f"{_GONE}*"):
            check()
            shutil.rmtree(gone)
    return removed


def _old_exports(folder: Path, before: datetime) -> Iterator[Path]:
    """Give the folders of jobs that ended before then, or are no more."""
    by_number = {int(each.name): each for each in folder.glob("[1-9]*") if each.name.isdigit()}
    numbers = list(by_number)
    jobs = {each.pk: each for each in Job.objects.filter(pk__in=numbers)}
    for number, path in by_number.items():
        job = jobs.get(number)
        if job is None or _has_ended(job, before):
            yield path


def _has_ended(job: Job, before: datetime) -> bool:
    is_over = JobState(job.state).is_ended
    return is_over and job.ended_at is not None and job.ended_at < before
