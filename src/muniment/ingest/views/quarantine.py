"""Pages of refused packages, and the receipt of any submission."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import ijson
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from muniment.ingest import queries
from muniment.ingest.catalogue_of_steps import step_class, step_names
from muniment.ingest.services.deposits import Finalising
from muniment.ingest.services.pipelines import pipelines
from muniment.ingest.services.quarantine import quarantined_one, quarantined_rows, remove
from muniment.ingest.services.sending_again import may_be_sent_again, send_again
from muniment.ingest.services.submissions import submission_of
from muniment.ingest.types import StepState
from muniment.ingest.views.submissions import shown_finding
from muniment.runtime.actor import may
from muniment.runtime.clock import Clock
from muniment.runtime.errors import ObjectMissing
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.registry import adapter_of

_ROWS = 50
_FINDINGS = 500
_FILES = 2000


@page("submission.read")
def quarantine(request: HttpRequest) -> HttpResponse:
    """List the refused packages, newest first."""
    rows = quarantined_rows(page_actor(request))
    before = _number(request.GET.get("cursor", ""))
    found = list((rows.filter(pk__lt=before) if before else rows)[: _ROWS + 1])
    shown = found[:_ROWS]
    context = {
        "rows": shown,
        "first": "/quarantine" if before else "",
        "next": f"/quarantine?cursor={shown[-1].pk}" if len(found) > _ROWS else "",
    }
    return render(request, "ingest/quarantine.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@page("submission.read")
def one_quarantined(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Show every finding of a refused package, file by file, and what can be done."""
    actor = page_actor(request)
    row, _ = quarantined_one(str(submission_id), actor=actor)
    after = _number(request.GET.get("after", ""))
    found = queries.findings_in_receipt(row, limit=_FINDINGS + 1, after=after)
    address = f"/quarantine/{row.submission_id}"
    context = {
        "row": row,
        "files": by_file(found[:_FINDINGS]),
        "first": address if after else "",
        "next": f"{address}?after={after + _FINDINGS}" if len(found) > _FINDINGS else "",
        "may_send_again": may(actor, "submission.create") and may_be_sent_again(row),
        "may_submit": may(actor, "submission.create"),
        "may_delete": may(actor, "submission.decide", row),
        "pipelines": pipelines(),
    }
    return render(request, "ingest/quarantined.html", context)


def by_file(findings: Iterable[dict[str, Any]]) -> list[tuple[str, list[dict[str, object]]]]:
    """Gather findings below the file that they are about, in the order in which files came."""
    found: dict[str, list[dict[str, object]]] = {}
    for each in findings:
        found.setdefault(str(each.get("path", "")), []).append(shown_finding(each))
    return list(found.items())


@page("submission.create", methods=("POST",))
def again(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Hand a refused package in again, as it is kept."""
    how = Finalising(request.POST.get("pipeline", ""), dry_run="dry_run" in request.POST)
    made = send_again(str(submission_id), how, actor=page_actor(request), clock=_clock())
    return HttpResponseRedirect(f"/submissions/{made.submission_id}")


@page("submission.decide", methods=("GET", "HEAD", "POST"))
def delete(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Ask, then delete a refused package."""
    actor = page_actor(request)
    row, _ = quarantined_one(str(submission_id), actor=actor)
    if request.method == "POST":
        remove(row, actor=actor)
        return HttpResponseRedirect("/quarantine")
    return render(request, "ingest/delete_quarantined.html", {"row": row})


@page("submission.read")
def receipt(request: HttpRequest, submission_id: UUID) -> HttpResponse | FileResponse:
    """Show the receipt as it is printed; `?form=json` gives the whole document."""
    row = submission_of(str(submission_id), actor=page_actor(request))
    file = queries.receipt_of(row)
    if not file.exists():
        raise ObjectMissing("the receipt is written when the submission has ended")
    if request.GET.get("form") == "json":
        name = f"receipt-{row.submission_id}.json"
        return FileResponse(file.open("rb"), as_attachment=True, filename=name)
    findings = queries.findings_in_receipt(row, limit=_FINDINGS + 1)
    files = queries.files_in_receipt(row, limit=_FILES + 1)
    with file.open("rb") as stream:
        steps = [_titled(each) for each in ijson.items(stream, "steps.item", use_float=True)]
    context = {
        "row": row,
        "steps": steps,
        "findings": [shown_finding(each) for each in findings[:_FINDINGS]],
        "files": files[:_FILES],
        "is_cut": len(findings) > _FINDINGS or len(files) > _FILES,
    }
    return render(request, "ingest/receipt.html", context)


def _titled(step: dict[str, Any]) -> dict[str, Any]:  # Any: of the receipt's JSON
    """Add the title of a step, or its name where it is here no more; what is ready did not run."""
    known = step["name"] in step_names()
    title = step_class(step["name"]).title if known else step["name"]
    state = "not run" if step["state"] == StepState.READY else step["state"]
    return {**step, "title": title, "state": state}


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
