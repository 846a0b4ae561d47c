"""An archive inside this process, for what the command line cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from muniment.ingest.models import Submission
from muniment.ingest.services.pipelines import ensure_default_pipeline, save_pipeline
from muniment.ingest.services.submissions import SubmissionRequest, submit
from muniment.ingest.tools import Tools
from muniment.runtime.actor import SYSTEM, Actor
from muniment.runtime.clock import Clock, SystemClock
from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of
from muniment.site.bootstrap import connect
from muniment.storage.ports import StorageRoot
from muniment.work.embedded import run_until
from muniment.work.types import Times

SHORT = [{"name": n} for n in ("receive", "unpack", "verify", "describe", "seal", "index")]


@dataclass(frozen=True, slots=True)
class OpenArchive:
    """A home that this process has open."""

    home: ArchiveHome
    clock: Clock

    def submit(self, source: Path, actor: Actor = SYSTEM, **request: object) -> Submission:
        """Hand in, by the short pipeline unless another is named."""
        wanted = {"pipeline": "short", **request}
        return submit(
            SubmissionRequest(source, **wanted),  # type: ignore[arg-type]  # a test's own words
            actor=actor,
            clock=self.clock,
        )

    def hand_in(self, source: Path, actor: Actor = SYSTEM, **request: object) -> Submission:
        """Submit and run to the verdict."""
        return self.finish(self.submit(source, actor, **request))

    def finish(self, submission: Submission, times: Times | None = None) -> Submission:
        """Run jobs until this submission has its verdict."""
        from muniment.ingest.queries import all_have_verdicts

        with adapter_of(Tools):
            run_until(lambda: all_have_verdicts([submission.pk]), times=times)
        submission.refresh_from_db()
        return submission

    @property
    def root(self) -> StorageRoot:
        """The storage root."""
        return adapter_of(StorageRoot)  # type: ignore[type-abstract]  # a port is a Protocol


@contextmanager
def archive_in(place: Path) -> Iterator[OpenArchive]:
    """Open an empty archive with the pipelines `default` and `short`; the database is there."""
    home = ArchiveHome(place)
    for folder in (home.path, home.ledger, home.work, home.quarantine):
        folder.mkdir(parents=True, exist_ok=True)
    connect(home, Tools(2))
    made = OpenArchive(home, SystemClock())
    made.root.initialise()
    ensure_default_pipeline(clock=made.clock)
    save_pipeline("short", SHORT, title="Short", actor=SYSTEM, clock=made.clock)
    yield made
    with adapter_of(Tools):
        pass  # ends helpers that a failed test left
