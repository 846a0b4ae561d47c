"""`muniment job`: see what runs, how far, what failed and why; retry, cancel, release."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from muniment.cli.console import Console
from muniment.work import documents

if TYPE_CHECKING:
    from muniment.runtime.actor import Actor
    from muniment.work.models import Job

SUMMARY = "See and steer durable jobs"
NEEDS_ARCHIVE = True
_STATES = ["queued", "running", "succeeded", "failed", "held", "cancelled"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the leaves."""
    leaves = parser.add_subparsers(dest="leaf", metavar="COMMAND", required=True)
    listing = _leaf(leaves, "list", "list jobs, newest first", run_list)
    listing.add_argument("--state", action="append", choices=_STATES, default=[], help="only these")
    listing.add_argument("--kind", default="", metavar="KIND", help="only this kind")
    listing.add_argument("--queue", default="", metavar="NAME", help="only this queue")
    listing.add_argument("--after", type=int, metavar="ID", help="go on after this job")
    listing.add_argument("--limit", type=int, default=50, metavar="N", help="most jobs (50)")
    _with_job(_leaf(leaves, "show", "show one job with its history", run_show))
    _with_job(_leaf(leaves, "retry", "queue a failed, held or cancelled job again", run_retry))
    _with_job(_leaf(leaves, "cancel", "cancel a job and its open children", run_cancel))
    release = _with_job(_leaf(leaves, "release", "let a held job go on", run_release))
    release.add_argument("--choice", default="", metavar="CODE", help="the decision, where asked")


def _leaf(
    leaves: Any,  # noqa: ANN401  # argparse keeps the type of its sub-parsers private
    name: str,
    title: str,
    run: Callable[[argparse.Namespace, Console], int],
) -> argparse.ArgumentParser:
    leaf: argparse.ArgumentParser = leaves.add_parser(name, help=title, description=title)
    leaf.add_argument("--json", action="store_true", help="print one JSON document")
    leaf.set_defaults(run=run)
    return leaf


def _with_job(leaf: argparse.ArgumentParser) -> argparse.ArgumentParser:
    leaf.add_argument("job", type=int, metavar="ID", help="number of the job")
    if leaf.prog.split()[-1] != "show":
        leaf.add_argument("--dry-run", action="store_true", help="only say whether it is possible")
    return leaf


def run_list(args: argparse.Namespace, console: Console) -> int:
    """Print one page; `next` is the `--after` of the next one."""
    from muniment.work.queries import JobFilter, page_of_jobs
    from muniment.work.types import JobState

    chosen = JobFilter([JobState(state) for state in args.state], args.kind, args.queue)
    jobs = page_of_jobs(_actor(), chosen, after=args.after, limit=args.limit)
    following = jobs[-1].pk if len(jobs) == args.limit else None
    if console.as_json:
        console.document({"jobs": [documents.job(job) for job in jobs], "next": following})
        return 0
    for job in jobs:
        console.line(_line(job))
    if following:
        console.say(f"More: --after {following}")
    return 0


def run_show(args: argparse.Namespace, console: Console) -> int:
    """Print everything about one job."""
    from muniment.work.queries import job_of

    job = job_of(args.job, actor=_actor())
    document = documents.whole_job(job, datetime.now(UTC))
    if console.as_json:
        console.document(document)
    else:
        _print(document, console)
    return 0


def run_retry(args: argparse.Namespace, console: Console) -> int:
    """Queue it again."""
    from muniment.work.services import retry

    return _change(args, console, lambda actor: retry(args.job, actor=actor))


def run_cancel(args: argparse.Namespace, console: Console) -> int:
    """Cancel it: at once when it waits, at its next check when it runs."""
    from muniment.work.services import cancel

    return _change(args, console, lambda actor: cancel(args.job, actor=actor))


def run_release(args: argparse.Namespace, console: Console) -> int:
    """Let it go on."""
    from muniment.work.services import release

    return _change(args, console, lambda actor: release(args.job, actor=actor, choice=args.choice))


def _change(args: argparse.Namespace, console: Console, change: Callable[[Actor], Job]) -> int:
    from django.db import transaction

    with transaction.atomic():
        job = change(_actor())
        transaction.set_rollback(args.dry_run)
    if not args.dry_run:
        _tell_submissions()
    if console.as_json:
        console.document(documents.job(job) | {"dry_run": args.dry_run})
    else:
        console.line(("would be: " if args.dry_run else "") + _line(job))
    return 0


def _tell_submissions() -> None:
    """Let the submission of a job that was cancelled while it waited end with it."""
    from muniment.ingest.ending import follow_jobs
    from muniment.runtime.home import ArchiveHome
    from muniment.runtime.registry import adapter_of
    from muniment.site.bootstrap import clock

    follow_jobs(home=adapter_of(ArchiveHome), clock=clock())


def _actor() -> Actor:
    from muniment.site.bootstrap import local_administrator

    return local_administrator()


def _line(job: Job) -> str:
    state = f"{job.state} ({job.held_reason})" if job.held_reason else job.state
    if job.cancel_requested_at is not None and job.state == "running":
        state = "running (to be cancelled)"
    far = ""
    if job.state == "running" and (job.progress_done or job.progress_total):
        far = f"  {job.progress_done}/{job.progress_total or '?'} {job.progress_unit}"
    why = f"  {job.error_text.splitlines()[0]}" if job.error_text else ""
    return f"{job.pk:>6}  {job.kind:<12}  {state}{far}{why}".rstrip()


def _print(document: dict[str, Any], console: Console) -> None:
    for name, value in document.items():
        if value in (None, [], {}) or name in {"history", "error_story"}:
            continue
        console.line(f"{name:>20}  {value}")
    console.line()
    for each in document["history"]:
        note = f"  {each['note']}" if "note" in each else ""
        console.line(f"{each['at'][:19]}Z  {each['state']:<10} {each['by']}{note}")
    if document["error_story"]:
        console.line()
        console.line(document["error_story"].rstrip())
