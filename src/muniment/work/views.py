"""Pages of jobs: what runs, how far, why it failed, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from muniment.runtime.actor import Actor, may
from muniment.runtime.http.pages import page, page_actor
from muniment.work import queries, services
from muniment.work.models import Job
from muniment.work.types import JobState

_ROWS = 50


@page("job.read")
def jobs(request: HttpRequest) -> HttpResponse:
    """List jobs, newest first, with how many are in each state."""
    actor = page_actor(request)
    state, cursor = request.GET.get("state", ""), request.GET.get("cursor", "")
    after = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 19 else None
    states = [JobState(state)] if state in set(JobState) else []
    rows = queries.page_of_jobs(actor, queries.JobFilter(states), after=after, limit=_ROWS + 1)
    shown = rows[:_ROWS]
    query = f"state={state}&" if states else ""
    context = {
        "rows": shown,
        "state": state,
        "states": [each.value for each in JobState],
        "counts": sorted(queries.counts_by_state(actor).items()),
        "first": f"/jobs?{query}" if after else "",
        "next": f"/jobs?{query}cursor={shown[-1].pk}" if len(rows) > _ROWS else "",
    }
    return render(request, "work/jobs.html", context)


@page("job.read")
def one_job(request: HttpRequest, number: int) -> HttpResponse:
    """Show a job with its history and what can be done with it."""
    actor = page_actor(request)
    job = queries.job_of(number, actor=actor)
    state = JobState(job.state)
    context = {
        "job": job,
        "history": queries.history_of(job),
        "waits": queries.why_it_waits(job),
        "remaining_s": queries.remaining_s(job, datetime.now(UTC)),
        "submission_id": job.arguments.get("submission_id", ""),
        "may_change": may(actor, "job.change", job),
        "can_release": state is JobState.HELD and not job.choices,
        "can_retry": state in {JobState.FAILED, JobState.HELD, JobState.CANCELLED},
        "can_cancel": not state.is_ended,
    }
    return render(request, "work/job.html", context)


def _change(request: HttpRequest, number: int, change: Callable[[int, Actor], Job]) -> HttpResponse:
    change(number, page_actor(request))
    return HttpResponseRedirect(f"/jobs/{number}")


@page("job.change", methods=("POST",))
def retry(request: HttpRequest, number: int) -> HttpResponse:
    """Queue it again and go back."""
    return _change(request, number, lambda job, actor: services.retry(job, actor=actor))


@page("job.change", methods=("POST",))
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Cancel it and go back."""
    return _change(request, number, lambda job, actor: services.cancel(job, actor=actor))


@page("job.change", methods=("POST",))
def release(request: HttpRequest, number: int) -> HttpResponse:
    """Let it go on and go back."""
    return _change(request, number, lambda job, actor: services.release(job, actor=actor))
