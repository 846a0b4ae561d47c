"""Durable work of storage: what runs by schedule, fixity and the audit trail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from muniment.information.identifiers import parse_object_id
from muniment.runtime.actor import SYSTEM, Actor
from muniment.runtime.clock import Clock
from muniment.runtime.errors import CorruptObject
from muniment.runtime.findings import Finding
from muniment.runtime.registry import adapter_of
from muniment.storage.archive import Archive
from muniment.storage.auditing.checking import check_trail
from muniment.storage.auditing.exporting import export_days
from muniment.storage.auditing.stored import AuditStore
from muniment.storage.fixity.ledger_check import check_ledger
from muniment.storage.fixity.pacing import FixityLimits, Pace
from muniment.storage.fixity.running import PERIOD, FixityRun, Scope, Watcher
from muniment.storage.fixity.running import check_fixity as run_checks
from muniment.storage.ledger.ledger import Ledger
from muniment.storage.models import FixityCheck
from muniment.storage.ports import StorageRoot
from muniment.work.kinds import JobContext, job_kind
from muniment.work.queries import job_of
from muniment.work.retry import RetryPolicy
from muniment.work.schedules import Plan

DAILY_FIXITY = Plan("fixity", "15 1 * * *", "fixity", {"scope": Scope.SPREAD.value})
"""Each night its share of all objects; whoever initialises an archive adds it."""

DAILY_AUDIT = Plan("audit", "20 0 * * *", "audit")
"""Each night the day before goes to storage, and the whole trail is proven."""

LEDGER_NIGHTLY = timedelta(days=31)
"""So much of the ledger is read each night, and by `muniment check`."""


@job_kind("fixity", retry=RetryPolicy.LONG_REQUEST, hard_limit_s=0)
def check_fixity(context: JobContext) -> dict[str, object]:
    """Check what the arguments say: `scope`, `object_ids`, `period_days`; goes on after a stop.

    As fast and, for a nightly share, when the limits allow; an object that was begun is finished.
    """
    archive, run, limits = open_archive(), _run_of(context), adapter_of(FixityLimits)

    def before_object() -> None:
        context.check()
        window, now = limits.window, archive.clock.now()
        if run.scope is Scope.SPREAD and window is not None and not window.includes(now):
            context.reschedule(window.next_opening(now), reason="fixity waits for its hours")

    def on_file(files: int, _: int, path: str) -> None:
        context.progress(files, None, "files", path)
        context.check()

    def on_object(_: FixityCheck) -> None:
        context.check()

    on_block = Pace(limits.bytes_per_s, archive.clock).spend if limits.bytes_per_s else None
    checks = run_checks(
        run,
        archive,
        actor=context.actor,
        watcher=Watcher(on_file, on_object, before_object, on_block),
    )
    return {
        "ledger": [each.as_json() for each in _ledger_findings(run, archive, context.actor)],
        "objects": len(checks),
        "outcomes": {
            outcome: sum(check.outcome == outcome for check in checks)
            for outcome in sorted({check.outcome for check in checks})
        },
    }


@job_kind("audit", retry=RetryPolicy.LONG_REQUEST, hard_limit_s=0)
def keep_audit_trail(context: JobContext) -> dict[str, object]:
    """Seal the finished days of the audit trail, then prove all of it.

    Raises CorruptObject where the trail is broken: nobody repairs it, somebody must look.
    """
    store = adapter_of(AuditStore)
    days = export_days(store, actor=context.actor, check=context.check)
    verdict = check_trail(store, actor=context.actor)
    if verdict.breaks:
        raise CorruptObject(f"the audit trail is broken: {verdict.breaks[0].message}")
    return {"days": [each.day for each in days], "lines": verdict.lines, "stored": verdict.stored}


def _ledger_findings(run: FixityRun, archive: Archive, actor: Actor) -> list[Finding]:
    """Check all of the ledger with all objects, what is young each night, else nothing."""
    match run.scope:
        case Scope.ALL:
            return check_ledger(archive.ledger, actor=actor)
        case Scope.SPREAD:
            since = (archive.clock.now() - LEDGER_NIGHTLY).date()
            return check_ledger(archive.ledger, actor=actor, since=since)
        case Scope.DUE | Scope.NAMED:
            return []


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
