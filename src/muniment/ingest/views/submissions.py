"""Pages of submissions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from muniment.catalogue.queries.entities import title_of
from muniment.ingest import queries
from muniment.ingest.catalogue_of_steps import step_class
from muniment.ingest.models import Submission
from muniment.ingest.services.submissions import decide, submission_of
from muniment.ingest.types import Decision, StepState, SubmissionState
from muniment.ingest.views.hand_in import waiting_deposit
from muniment.runtime.actor import may
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.registry import adapter_of

_ROWS = 50
_FINDINGS = 500


@page("submission.read")
def submissions(request: HttpRequest) -> HttpResponse:
    """List submissions, newest first."""
    actor = page_actor(request)
    verdict, cursor = request.GET.get("verdict", ""), request.GET.get("cursor", "")
    before = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 19 else None
    states = [verdict] if verdict in set(SubmissionState) else []
    rows = queries.page_of_submissions(actor, states=states, before=before, limit=_ROWS + 1)
    shown = rows[:_ROWS]
    query = f"verdict={verdict}&" if states else ""
    context = {
        "rows": shown,
        "verdict": verdict,
        "verdicts": [each.value for each in SubmissionState],
        "may_submit": may(actor, "submission.create"),
        "first": f"/submissions?{query}" if before else "",
        "next": f"/submissions?{query}cursor={shown[-1].pk}" if len(rows) > _ROWS else "",
    }
    return render(request, "ingest/submissions.html", context)


def _run_context(row: Submission) -> dict[str, object]:
    is_open = not SubmissionState(row.state).is_verdict
    steps = [
        {
            "title": step_class(run.name).title,
            "state": run.state if is_open or run.state != StepState.READY else "not run",
            "duration_s": run.duration_s,
            "message": run.message,
        }
        for run in row.step_runs.order_by("position")
    ]
    return {"row": row, "steps": steps, "is_open": is_open}


@page("submission.read")
def one_submission(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Show what came, its steps as they run, its findings, and the question it waits with."""
    actor = page_actor(request)
    row = submission_of(str(submission_id), actor=actor)
    found = queries.findings_in_receipt(row, limit=_FINDINGS + 1)
    context = _run_context(row) | {
        "findings": [shown_finding(each) for each in found[:_FINDINGS]],
        "more_findings": len(found) > _FINDINGS,
        "choices": _choices(row),
        "may_decide": may(actor, "submission.decide", row),
        "job_id": row.job_id if may(actor, "job.read", row) else None,
        "deposit": waiting_deposit(row, actor),
        "has_ended": SubmissionState(row.state).is_ended,
        "object_title": title_of(actor, row.object_id),
    }
    return render(request, "ingest/submission.html", context)


def shown_finding(finding: dict[str, Any]) -> dict[str, object]:
    """Return the columns of a finding; where it is stands in one of three members."""
    where = next((finding[key] for key in ("path", "pointer", "parameter") if key in finding), "")
    return {
        "severity": finding["severity"],
        "where": where,
        "message": finding["message"],
        "params": finding.get("params", {}),
        "code": finding["code"],
        "expected": finding.get("expected", ""),
        "found": finding.get("found", ""),
    }


def _choices(row: Submission) -> list[tuple[str, str]]:
    names = {
        Decision.ADD_VERSION: _("Make it a version of that object"),
        Decision.NEW_OBJECT: _("Make a new object"),
        Decision.REFUSE: _("Refuse the package"),
    }
    return [(code, names[Decision(code)]) for code in row.decision.get("choices") or []]


@page("submission.read")
def run_part(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Give the steps alone: the page asks again while the run is open."""
    row = submission_of(str(submission_id), actor=page_actor(request))
    response = render(request, "ingest/parts/run.html", _run_context(row))
    if SubmissionState(row.state).is_verdict:
        response.headers["HX-Refresh"] = "true"
    return response


@page("submission.decide", methods=("POST",))
def decision(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Answer the question and go back."""
    actor = page_actor(request)
    choice = request.POST.get("choice", "")
    if choice not in set(Decision):
        raise InvalidArgument(f"{choice[:40]!r} is no choice")
    decide(
        submission_of(str(submission_id), actor=actor),
        Decision(choice),
        actor=actor,
        clock=_clock(),
    )
    return HttpResponseRedirect(f"/submissions/{submission_id}")


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
