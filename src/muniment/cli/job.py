"""`muniment job`: see what runs, how far, what failed and why; retry, cancel, release."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from muniment.cli.arguments import add_leaf, with_dry_run
from muniment.cli.console import Console
from muniment.runtime.errors import InvalidArgument
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
    listing = add_leaf(leaves, "list", "list jobs, newest first", run_list)
    listing.add_argument(
        "--state",
        action="append",
        choices=_STATES,
        default=[],
        metavar="STATE",
        help=f"only these, may be repeated: {', '.join(_STATES)}",
    )
    listing.add_argument("--kind", default="", metavar="KIND", help="only this kind")
    listing.add_argument("--queue", default="", metavar="NAME", help="only this queue")
    listing.add_argument("--after", type=int, metavar="ID", help="go on after this job")
    listing.add_argument("--limit", type=int, default=50, metavar="N", help="most jobs (50)")
    _with_job(add_leaf(leaves, "show", "show one job with its history", run_show))
    _with_job(add_leaf(leaves, "retry", "queue a failed, held or cancelled job again", run_retry))
    _with_job(add_leaf(leaves, "cancel", "cancel a job and its open children", run_cancel))
    release = _with_job(add_leaf(leaves, "release", "let a held job go on", run_release))
    release.add_argument("--choice", default="", metavar="CODE", help="the decision, where asked")
    pruning = add_leaf(
        leaves, "prune", "remove ended jobs and heard events that are old", run_prune
    )
    pruning.add_argument("--yes", action="store_true", help="really remove them")
    with_dry_run(pruning)


def _with_job(leaf: argparse.ArgumentParser) -> argparse.ArgumentParser:
    leaf.add_argument("job", type=int, metavar="ID", help="number of the job")
    if leaf.prog.split()[-1] != "show":
        with_dry_run(leaf)
    return leaf


def run_list(args: argparse.Namespace, console: Console) -> int:
    """Print one page; `next` is the `--after` of the next one."""
    from muniment.work.queries import JobFilter, page_of_jobs
    from muniment.work.types import JobState

    chosen = JobFilter([JobState(state) for state in args.state], args.kind, args.queue)
    jobs = page_of_jobs(_actor(), chosen, after=args.after, limit=args.limit)
    following = jobs[-1].pk if len(jobs) == args.limit else None
    show_list([documents.job(job) for job in jobs], following, console)
    return 0


def show_list(jobs: Sequence[dict[str, Any]], following: int | None, console: Console) -> None:
    """Print a page of jobs."""
    if console.as_json:
        console.document({"jobs": jobs, "next": following})
        return
    for job in jobs:
        console.line(line_of(job))
    if following:
        console.say(f"More: --after {following}")


def run_show(args: argparse.Namespace, console: Console) -> int:
    """Print everything about one job."""
    from muniment.work.queries import job_of

    job = job_of(args.job, actor=_actor())
    show(documents.whole_job(job, datetime.now(UTC)), console)
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


def run_prune(args: argparse.Namespace, console: Console) -> int:
    """Remove now what the schedule `prune` removes each night."""
    from dataclasses import asdict

    from django.db import transaction

    from muniment.runtime.settings import settings
    from muniment.work.pruning import Keep, prune

    keep = Keep.by(settings())
    if not (args.yes or args.dry_run):
        raise InvalidArgument(
            f"this removes jobs that ended more than {keep.jobs_days} days ago, and events heard "
            f"more than {keep.events_days} days ago; say --dry-run to count them, --yes to do it"
        )
    # Without a dry run each batch is a transaction of its own: nobody waits long for the lock.
    with transaction.atomic() if args.dry_run else nullcontext():
        done = prune(keep, actor=_actor())
        if args.dry_run:
            transaction.set_rollback(True)
    if console.as_json:
        console.document({"removed": asdict(done), "dry_run": args.dry_run})
    else:
        would = "would be removed" if args.dry_run else "removed"
        console.line(f"{done.jobs} jobs and {done.events} events {would}")
    return 0


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
        console.line(("would be: " if args.dry_run else "") + line_of(documents.job(job)))
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


def line_of(job: Mapping[str, Any]) -> str:
    """Return a job for people, in one line."""
    state = f"{job['state']} ({job['held_reason']})" if job["held_reason"] else job["state"]
    if job["cancel_requested_at"] is not None and job["state"] == "running":
        state = "running (to be cancelled)"
    far, progress = "", job["progress"]
    if job["state"] == "running" and (progress["done"] or progress["total"]):
        far = f"  {progress['done']}/{progress['total'] or '?'} {progress['unit'] or ''}"
    said = job["error"]["text"] if job["error"] else ""
    why = f"  {said.splitlines()[0]}" if said else ""
    return f"{job['id']:>6}  {job['kind']:<12}  {state}{far}{why}".rstrip()


def show(document: Mapping[str, Any], console: Console) -> None:
    """Print a whole job."""
    if console.as_json:
        console.document(document)
        return
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
