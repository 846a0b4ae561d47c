"""Handing in: from the browser, and from a folder of the server."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from muniment.information.dublin_core import DublinCoreValue
from muniment.ingest.form_files import FormFiles, form_files
from muniment.ingest.models import Deposit, Submission
from muniment.ingest.services import deposits, uploads
from muniment.ingest.services.announcing import announce
from muniment.ingest.services.pipelines import pipelines
from muniment.ingest.types import DepositKind, DepositState
from muniment.runtime.actor import Actor
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument, MunimentError
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.registry import adapter_of
from muniment.runtime.settings import settings

PACKED = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst")
_OPEN = (DepositState.OPEN, DepositState.FINALISING)
_MOST_OPEN = 20


@page("submission.create", methods=("GET", "HEAD", "POST"))
@csrf_exempt  # checked below: the form is read by a handler of ours, so not before this view
def new_submission(request: HttpRequest) -> HttpResponse:
    """Hand in what is on the visitor's own machine; a fault keeps what was written."""
    if request.method != "POST":
        return _form(request, request.GET, "")
    with form_files() as handler:
        request.upload_handlers = [handler]
        answer: HttpResponse = _take_form(request, handler)
        return answer


@csrf_protect
def _take_form(request: HttpRequest, handler: FormFiles) -> HttpResponse:
    try:
        row = _handed_in(request.POST, handler, page_actor(request))
    except MunimentError as exc:
        return _form(request, request.POST, str(exc), status=exc.http)
    return HttpResponseRedirect(f"/submissions/{row.submission_id}")


def _handed_in(said: QueryDict, handler: FormFiles, actor: Actor) -> Submission:
    """Make a deposit of the files of the form and hand it in; one that fails goes away again."""
    came = [each for each in handler.found if each.name]
    if not came:
        raise InvalidArgument(_("Choose the files first."))
    is_packed = len(came) == 1 and came[0].name.lower().endswith(PACKED)
    creator = said.get("creator", "").strip()
    new = deposits.NewDeposit(
        kind=DepositKind.SIP if is_packed else DepositKind.FILES,
        title=said.get("title", "").strip(),
        description=[DublinCoreValue("creator", creator)] if creator else [],
        pipeline=said.get("pipeline", ""),
        object_id=said.get("object_id", "").strip(),
    )
    deposit = deposits.create_deposit(new, actor=actor, clock=_clock())
    try:
        for each in came:
            name = each.name.encode("utf-8", "surrogatepass")
            file = uploads.NewFile(name, each.size_bytes, each.digests)
            uploads.adopt(deposit, file, each.path, actor=actor)
        how = deposits.Finalising(dry_run="dry_run" in said)
        return deposits.finalise(deposit, how, actor=actor, clock=_clock())
    except MunimentError:
        deposits.delete_deposit(deposit, actor=actor)
        raise


def _form(request: HttpRequest, said: QueryDict, fault: str, *, status: int = 200) -> HttpResponse:
    actor = page_actor(request)
    going_on = said.get("deposit", "")
    context = {
        "fault": fault,
        "said": said,
        "dry_run": "dry_run" in said,
        "pipelines": pipelines(),
        "packed": " ".join(PACKED),
        "deposit": deposits.deposit_of(going_on, actor=actor) if going_on else None,
        "open_deposits": list(
            deposits.own_deposits(actor).filter(state__in=_OPEN, file_count__gt=0)[:_MOST_OPEN]
        ),
    }
    return render(request, "ingest/new.html", context, status=status)


@page("submission.create", methods=("POST",))
def delete_deposit(request: HttpRequest, deposit_id: UUID) -> HttpResponse:
    """Give an upload up."""
    actor = page_actor(request)
    deposits.delete_deposit(deposits.deposit_of(str(deposit_id), actor=actor), actor=actor)
    return HttpResponseRedirect("/submissions/new")


@page("submission.create", methods=("POST",))
def finalise_deposit(request: HttpRequest, deposit_id: UUID) -> HttpResponse:
    """Hand in what a dry run looked at."""
    actor = page_actor(request)
    deposit = deposits.deposit_of(str(deposit_id), actor=actor)
    row = deposits.finalise(deposit, deposits.Finalising(), actor=actor, clock=_clock())
    return HttpResponseRedirect(f"/submissions/{row.submission_id}")


def waiting_deposit(row: Submission, actor: Actor) -> Deposit | None:
    """Return the deposit that a dry run looked at, when the actor may hand it in now."""
    deposit = row.deposit
    if deposit is None or not row.dry_run or deposit.owner != actor.name:
        return None
    return deposit if deposit.state == DepositState.OPEN else None


@page("submission.create", methods=("GET", "HEAD", "POST"))
def announcement(request: HttpRequest) -> HttpResponse:
    """Hand in what lies on the server; a fault keeps what was written."""
    said, fault = request.POST, ""
    if request.method == "POST":
        try:
            row = announce(
                said.get("path", ""),
                pipeline=said.get("pipeline") or None,
                object_id=said.get("object_id", "").strip(),
                dry_run="dry_run" in said,
                actor=page_actor(request),
                clock=_clock(),
            )
            return HttpResponseRedirect(f"/submissions/{row.submission_id}")
        except MunimentError as exc:
            fault = str(exc)
    context: dict[str, Any] = {
        "fault": fault,
        "said": said,
        "dry_run": "dry_run" in said,
        "pipelines": pipelines(),
        "roots": settings().announce_roots,
    }
    return render(request, "ingest/announce.html", context, status=422 if fault else 200)


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
