"""The page of fixity."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from muniment.runtime.actor import may
from muniment.runtime.clock import Clock
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.registry import adapter_of
from muniment.storage.fixity.running import Scope
from muniment.storage.queries import fixity_report
from muniment.work.services import enqueue


@page("fixity.read")
def fixity(request: HttpRequest) -> HttpResponse:
    """Show where fixity stands, and what is not as it was sealed."""
    actor = page_actor(request)
    clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
    report = fixity_report(actor=actor, clock=clock)
    context = {
        "report": report,
        "outcomes": sorted(report.objects_by_outcome.items()),
        "may_run": may(actor, "fixity.run"),
    }
    return render(request, "storage/fixity.html", context)


@page("fixity.run", methods=("POST",))
def run(request: HttpRequest) -> HttpResponse:
    """Queue a check of what is due, and show its job."""
    with transaction.atomic():
        job = enqueue("fixity", {"scope": Scope.DUE.value}, actor=page_actor(request))
    return HttpResponseRedirect(f"/jobs/{job.pk}")
