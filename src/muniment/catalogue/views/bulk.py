"""Pages of many objects at once, and of the searches that one keeps."""

from __future__ import annotations

import re

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from muniment.catalogue.jobs import export_folder
from muniment.catalogue.queries.entities import entity_for
from muniment.catalogue.services import bulk, searches
from muniment.catalogue.types import ItemState
from muniment.catalogue.views.shared import address
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import may
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument, ObjectMissing
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.http.views import SELF
from muniment.runtime.registry import adapter_of
from muniment.work.models import Job
from muniment.work.queries import job_of
from muniment.work.types import JobState

_ROWS = 100
_EXPORTED = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-v\d+\.zip")


@page("object.read", methods=("POST",))
def start(request: HttpRequest) -> HttpResponse:
    """Queue an action on what was chosen, or on all that the search finds; lead to its page."""
    said = request.POST
    if said.get("action") not in set(bulk.BulkAction):
        raise InvalidArgument("choose what to do with the objects")
    takes_all = said.get("which") == "all"
    action = bulk.BulkAction(said["action"])
    tags = [name.strip() for name in said.get("tag", "").split(",") if name.strip()]
    asked = bulk.BulkRequest(
        action,
        objects=() if takes_all else said.getlist("object"),
        query=said.get("q", "") if takes_all else None,
        add=tags if action is bulk.BulkAction.TAG else (),
    )
    started = bulk.start_bulk(asked, actor=page_actor(request))
    return HttpResponseRedirect(f"/jobs/{started.job.pk}/items")


@page("job.read")
def items(request: HttpRequest, number: int) -> HttpResponse:
    """Show how far a bulk job is and what became of each object."""
    actor = page_actor(request)
    state, cursor = request.GET.get("status", ""), request.GET.get("cursor", "")
    after = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 10 else None
    job = job_of(number, actor=actor)
    rows = bulk.items_of(
        number,
        actor=actor,
        state=state if state in set(ItemState) else "",
        after=after,
        limit=_ROWS + 1,
    )
    here = f"/jobs/{number}/items"
    shown = rows[:_ROWS]
    is_open = not JobState(job.state).is_ended and job.state != JobState.HELD
    context = {
        "job": job,
        "action": job.arguments.get("action", ""),
        "rows": shown,
        "state": state,
        "states": [each.value for each in ItemState],
        "is_open": is_open,
        "may_retry": may(actor, "job.change", job) and not is_open and "failed" in _counts(job),
        "counts": _counts(job).items(),
        "first": address(here, status=state) if after is not None else "",
        "next": address(here, status=state, cursor=shown[-1].position) if len(rows) > _ROWS else "",
    }
    is_part = request.headers.get("HX-Request") == "true"
    name = "catalogue/parts/bulk_items.html" if is_part else "catalogue/bulk.html"
    response = render(request, name, context)
    if is_part and not is_open:
        response.headers["HX-Refresh"] = "true"
    return response


def _counts(job: Job) -> dict[str, int]:
    return job.result if isinstance(job.result, dict) else {}


@page("job.change", methods=("POST",))
def retry_failed(request: HttpRequest, number: int) -> HttpResponse:
    """Try again what failed and go back."""
    bulk.retry_failed(number, actor=page_actor(request))
    return HttpResponseRedirect(f"/jobs/{number}/items")


@page("object.export")
def exported(request: HttpRequest, number: int, name: str) -> FileResponse:
    """Give one of the packages that a bulk export made, to whoever asked for it."""
    actor = page_actor(request)
    job = job_of(number, actor=actor)
    if job.asked_by != actor.name:
        raise ObjectMissing("somebody else asked for this export")
    path, named = export_folder(number) / name, _EXPORTED.fullmatch(name)
    if not named or not path.is_file():
        raise ObjectMissing(f"the export has no {name[:100]!r}")
    # It may have been closed to them since it was exported.
    entity_for(actor, ObjectId(named[1]), action="object.export")
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="application/zip"
    )


@page(SELF, methods=("POST",))
def keep_search(request: HttpRequest) -> HttpResponse:
    """Keep the search under a name and go back to it."""
    said = request.POST
    clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
    searches.save_search(
        said.get("name", ""),
        query=said.get("q", ""),
        sort=said.get("sort", ""),
        actor=page_actor(request),
        clock=clock,
    )
    return HttpResponseRedirect(address("/objects", q=said.get("q", ""), sort=said.get("sort", "")))


@page(SELF, methods=("POST",))
def forget_search(request: HttpRequest, number: int) -> HttpResponse:
    """Keep a search no longer."""
    searches.forget_search(number, actor=page_actor(request))
    return HttpResponseRedirect("/objects")
