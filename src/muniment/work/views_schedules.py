"""Pages of schedules: what runs when, what it did, and how to change it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from muniment.runtime.actor import may
from muniment.runtime.clock import Clock
from muniment.runtime.errors import Conflict, InvalidArgument, VersionConflict
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.registry import adapter_of
from muniment.work import schedule_editing as editing
from muniment.work import schedules
from muniment.work.kinds import known_kinds
from muniment.work.models import Schedule

_NEW = {"name": "", "cron": "0 3 * * *", "time_zone": "UTC", "kind": "fixity", "arguments": "{}"}


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol


@page("job.read")
def list_schedules(request: HttpRequest) -> HttpResponse:
    """List the schedules with their next and last runs."""
    actor = page_actor(request)
    rows = list(schedules.visible_schedules(actor))
    context = {"rows": rows, "may_change": may(actor, "schedule.change")}
    return render(request, "work/schedules.html", context)


@page("job.read")
def preview(request: HttpRequest) -> HttpResponse:
    """Give the next five times of what is being written."""
    return render(request, "work/parts/next_times.html", _times(request.GET))


def _times(said: QueryDict | dict[str, str]) -> dict[str, object]:
    try:
        cron, zone = said.get("cron", ""), said.get("time_zone", "")
        found: list[datetime] = editing.next_times(cron, zone, after=_clock().now())
    except InvalidArgument as exc:
        return {"times": [], "fault": str(exc)}
    return {"times": found, "fault": ""}


@page("job.read")
def one_schedule(request: HttpRequest, name: str) -> HttpResponse:
    """Show a schedule, what it did, and the form that changes it."""
    return _shown(request, editing.schedule_named(name, actor=page_actor(request)))


_RUNS_SHOWN = 20


def _shown(
    request: HttpRequest,
    row: Schedule | None,
    said: dict[str, str] | None = None,
    fault: str = "",
) -> HttpResponse:
    actor = page_actor(request)
    values = said or (_values(row) if row else _NEW)
    context = {
        "row": row,
        "values": values,
        "seen": editing.tag_of(row) if row else "",
        "next": _times(values),
        "runs": list(editing.runs_of(row, actor=actor)[:_RUNS_SHOWN]) if row else [],
        "kinds": sorted(known_kinds()),
        "fault": fault,
        "may_change": may(actor, "schedule.change"),
    }
    return render(request, "work/schedule.html", context, status=422 if fault else 200)


def _values(row: Schedule) -> dict[str, str]:
    return {
        "name": row.name,
        "cron": row.cron,
        "time_zone": row.time_zone,
        "kind": row.kind,
        "arguments": orjson.dumps(row.arguments, option=orjson.OPT_INDENT_2).decode(),
    }


def _said(request: HttpRequest, name: str = "") -> dict[str, str]:
    found = {key: request.POST.get(key, "").strip() for key in _NEW}
    return found | ({"name": name} if name else {})


def _plan(said: dict[str, str], queue: str = "default") -> schedules.Plan:
    return schedules.Plan(
        name=said["name"],
        cron=said["cron"],
        kind=said["kind"],
        arguments=_arguments(said["arguments"]),
        time_zone=said["time_zone"],
        queue=queue,
    )


def _arguments(text: str) -> dict[str, Any]:  # Any: JSON, checked by the job that gets it
    try:
        found = orjson.loads(text or "{}")
    except orjson.JSONDecodeError as exc:
        raise InvalidArgument(_("the arguments are no JSON: %(why)s") % {"why": exc}) from exc
    if not isinstance(found, dict):
        raise InvalidArgument(_("the arguments are a JSON object: {…}"))
    return found


@page("schedule.change", methods=("GET", "HEAD", "POST"))
def new_schedule(request: HttpRequest) -> HttpResponse:
    """Make a schedule; a fault keeps what was written."""
    if request.method != "POST" or request.POST.get("do") == "preview":
        return _shown(request, None, _said(request) if request.method == "POST" else None)
    said = _said(request)
    try:
        row = schedules.add(_plan(said), actor=page_actor(request), clock=_clock())
    except (InvalidArgument, Conflict) as exc:
        return _shown(request, None, said, str(exc))
    return HttpResponseRedirect(f"/schedules/{row.name}")


@page("schedule.change", methods=("POST",))
def change(request: HttpRequest, name: str) -> HttpResponse:
    """Change a schedule; a fault or a conflict keeps what was written."""
    actor = page_actor(request)
    row = editing.schedule_named(name, actor=actor)
    said = _said(request, name)
    if request.POST.get("do") == "preview":
        return _shown(request, row, said)
    try:
        editing.change_schedule(
            _plan(said, row.queue),
            actor=actor,
            clock=_clock(),
            seen=request.POST.get("seen", ""),
        )
    except VersionConflict as exc:
        advice = _("What you wrote is kept below.")
        return _shown(request, row, said, f"{exc}. {advice}")
    except InvalidArgument as exc:
        return _shown(request, row, said, str(exc))
    return HttpResponseRedirect(f"/schedules/{name}")


@page("schedule.change", methods=("POST",))
def pause(request: HttpRequest, name: str) -> HttpResponse:
    """Pause a schedule or let it go on, and go back."""
    editing.enable_schedule(
        name,
        is_enabled=request.POST.get("do") == "resume",
        actor=page_actor(request),
        clock=_clock(),
    )
    return HttpResponseRedirect(f"/schedules/{name}")


@page("schedule.change", methods=("POST",))
def remove(request: HttpRequest, name: str) -> HttpResponse:
    """Remove a schedule and go to the list."""
    schedules.remove(name, actor=page_actor(request))
    return HttpResponseRedirect("/schedules")
