"""Durable work of storage: the check that runs by schedule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from muniment.information.identifiers import parse_object_id
from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import Clock
from muniment.runtime.registry import adapter_of
from muniment.storage.archive import Archive
from muniment.storage.fixity.running import PERIOD, FixityRun, Scope, Watcher
from muniment.storage.fixity.running import check_fixity as run_checks
from muniment.storage.ledger.ledger import Ledger
from muniment.storage.models import FixityCheck
from muniment.storage.ports import StorageRoot
from muniment.work.kinds import JobContext, job_kind
from muniment.work.queries import job_of
from muniment.work.retry import RetryPolicy
from muniment.work.schedules import Plan

DAILY_FIXITY = Plan("fixity", "15 1 * * *", "fixity", {"scope": Scope.DUE.value})
"""Each night what is due; whoever initialises an archive adds it."""


@job_kind("fixity", retry=RetryPolicy.LONG_REQUEST, hard_limit_s=0)
def check_fixity(context: JobContext) -> dict[str, object]:
    """Check what the arguments say: `scope`, `object_ids`, `period_days`; goes on after a stop."""

    def on_file(files: int, _: int, path: str) -> None:
        context.progress(files, None, "files", path)
        context.check()

    def on_object(_: FixityCheck) -> None:
        context.check()

    checks = run_checks(
        _run_of(context),
        open_archive(),
        actor=context.actor,
        watcher=Watcher(on_file, on_object),
    )
    return {
        "objects": len(checks),
        "outcomes": {
            outcome: sum(check.outcome == outcome for check in checks)
            for outcome in sorted({check.outcome for check in checks})
        },
    }


def _run_of(context: JobContext) -> FixityRun:
    said: dict[str, Any] = dict(context.arguments)  # JSON that was queued
    # Numbers of jobs begin again in a new database; the ledger remembers the old ones' runs.
    made_at = job_of(context.job_id, actor=SYSTEM).created_at
    return FixityRun(
        run_id=uuid5(NAMESPACE_OID, f"muniment job {context.job_id} of {made_at.isoformat()}"),
        scope=Scope(said.get("scope", Scope.DUE.value)),
        object_ids=[parse_object_id(each) for each in said.get("object_ids", [])],
        period=timedelta(days=said.get("period_days", PERIOD.days)),
    )


def open_archive() -> Archive:
    """Return the adapters of this process that fixity needs."""
    return Archive(
        root=adapter_of(StorageRoot),  # type: ignore[type-abstract]  # a port is a Protocol
        ledger=adapter_of(Ledger),
        clock=adapter_of(Clock),  # type: ignore[type-abstract]  # likewise
    )
