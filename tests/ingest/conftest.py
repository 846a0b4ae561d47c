"""An archive inside the test's own process, for what the command line cannot show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

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

SHORT = [{"name": n} for n in ("receive", "unpack", "verify", "describe", "seal", "index")]


@dataclass(frozen=True, slots=True)
class OpenArchive:
    """A home that this process has open."""

    home: ArchiveHome
    clock: Clock

    def hand_in(self, source: Path, actor: Actor, **request: object) -> Submission:
        """Submit and run to the verdict, by the short pipeline unless another is named."""
        wanted = {"pipeline": "short", **request}
        submission = submit(
            SubmissionRequest(source, **wanted),  # type: ignore[arg-type]  # a test's own words
            actor=actor,
            clock=self.clock,
        )
        return self.finish(submission)

    def finish(self, submission: Submission) -> Submission:
        """Run jobs until this submission has its verdict."""
        from muniment.ingest.queries import all_have_verdicts

        with adapter_of(Tools):
            run_until(lambda: all_have_verdicts([submission.pk]))
        submission.refresh_from_db()
        return submission

    @property
    def root(self) -> StorageRoot:
        """The storage root."""
        return adapter_of(StorageRoot)  # type: ignore[type-abstract]  # a port is a Protocol


@pytest.fixture
def open_archive(tmp_path: Path, transactional_db: None) -> Iterator[OpenArchive]:
    """An empty archive with the pipelines `default` and `short`."""
    home = ArchiveHome(tmp_path / "home")
    for place in (home.path, home.ledger, home.work, home.quarantine):
        place.mkdir(parents=True, exist_ok=True)
    connect(home, Tools(2))
    made = OpenArchive(home, SystemClock())
    made.root.initialise()
    ensure_default_pipeline(clock=made.clock)
    save_pipeline("short", SHORT, title="Short", actor=SYSTEM, clock=made.clock)
    yield made
    with adapter_of(Tools):
        pass  # ends helpers that a failed test left


HandIn = Callable[..., Submission]
