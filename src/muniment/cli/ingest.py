"""`muniment ingest PATH…`: hand packages in, wait for the verdicts, print them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muniment.cli.console import Console
from muniment.cli.tables import plain

if TYPE_CHECKING:
    from muniment.ingest.models import Submission

SUMMARY = "Take packages in: files, folders, bags, SIPs, archives"
NEEDS_ARCHIVE = True
RUNS_JOBS = True
_MOST_FINDINGS = 1000
_SHOWN_FINDINGS = 5


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="file, folder or archive")
    parser.add_argument("--pipeline", metavar="NAME", help="the pipeline; the default one without")
    parser.add_argument("--object", metavar="ID", default="", help="make a version of this object")
    parser.add_argument("--dry-run", action="store_true", help="do all but the sealing, and report")
    parser.add_argument(
        "--no-wait",
        dest="runs_steps",
        action="store_false",
        help="queue only; a worker does the rest",
    )
    parser.add_argument("--watch", action="store_true", help="PATH is a folder to be watched")
    parser.add_argument("--interval", type=float, default=5.0, metavar="SECONDS", help="of --watch")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, console: Console) -> int:
    """Hand in, wait, report; the exit code is the worst verdict's."""
    if args.watch:
        from muniment.cli.watching import watch

        return watch(args, console)
    from muniment.ingest.services.submissions import SubmissionRequest, submit
    from muniment.site.bootstrap import clock, local_administrator

    actor = local_administrator()
    submissions = [
        submit(
            SubmissionRequest(
                Path(path), args.pipeline, object_id=args.object, dry_run=args.dry_run
            ),
            actor=actor,
            clock=clock(),
        )
        for path in args.paths
    ]
    if args.runs_steps:
        wait_for(submissions, console)
    return report(submissions, console)


def wait_for(submissions: Sequence[Submission], console: Console) -> None:
    """Run jobs in this process until every one of the submissions has its verdict."""
    from muniment.ingest.queries import all_have_verdicts
    from muniment.ingest.tools import Tools
    from muniment.runtime.registry import adapter_of
    from muniment.work.embedded import run_until

    ids = [submission.pk for submission in submissions]
    with adapter_of(Tools), console.progress("ingest") as show:
        run_until(lambda: all_have_verdicts(ids), progress=show)


def report(submissions: Sequence[Submission], console: Console) -> int:
    """Print what became of each; return the worst exit code: 3 before 4 before 1 before 0."""
    documents = []
    for submission in submissions:
        submission.refresh_from_db()
        documents.append(_document(submission))
    return report_documents(documents, console)


_TOLD = (
    "submission_id",
    "source_path",
    "verdict",
    "object_id",
    "version",
    "reason",
    "file_count",
    "size_bytes",
    "findings",
)


def report_documents(found: Sequence[dict[str, Any]], console: Console) -> int:
    """Print what became of each, as the API tells it too; return the worst exit code."""
    from muniment.ingest.types import SubmissionState

    codes = []
    for document in found:
        state = SubmissionState(document["verdict"])
        waits = state is SubmissionState.QUEUED and document["reason"]
        codes.append(3 if waits else state.exit_code)
    if console.as_json:
        console.document({"submissions": [{name: each[name] for name in _TOLD} for each in found]})
    else:
        for document in found:
            _print(document, console)
    return next((code for code in (3, 4, 1) if code in codes), 0)


def _document(submission: Submission) -> dict[str, Any]:
    from muniment.ingest.queries import findings_in_receipt

    findings = findings_in_receipt(submission, limit=_MOST_FINDINGS)
    return {
        "submission_id": str(submission.submission_id),
        "source_path": submission.source_path,
        "verdict": submission.state,
        "object_id": str(submission.object_id) if submission.object_id else None,
        "version": submission.version,
        "reason": submission.held_reason or None,
        "file_count": submission.file_count,
        "size_bytes": submission.size_bytes,
        "findings": findings,
    }


def _print(document: dict[str, Any], console: Console) -> None:
    name = os.path.basename(document["source_path"].rstrip("/"))  # noqa: PTH119  # text, not a path
    result = document["verdict"].replace("_", " ")
    if document["object_id"]:
        result += f"  {document['object_id']} v{document['version']}"
    console.line(f"{plain(name)}: {result}")
    shown = [each for each in document["findings"] if each["severity"] != "info"]
    if document["reason"] and not shown:
        console.line(f"    {plain(document['reason'])}")
    for each in shown[:_SHOWN_FINDINGS]:
        where = _where(each)
        said = plain(f"{where}{': ' if where else ''}{each['message']}")
        console.line(f"    {each['severity']}: {said}")
    if len(shown) > _SHOWN_FINDINGS:
        more = len(shown) - _SHOWN_FINDINGS
        console.line(f"    … {more} more: muniment submission show {document['submission_id']}")


def _where(finding: dict[str, Any]) -> str:
    """Return what a finding is about, unless its message begins with it."""
    where = str(finding.get("path") or finding.get("pointer") or "")
    return "" if str(finding["message"]).startswith(where) else where
