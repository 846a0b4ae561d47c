"""Pages of pipelines: look, edit, clone, bring in and give out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from muniment.ingest import documents
from muniment.ingest.catalogue_of_steps import step_class
from muniment.ingest.services.pipelines import (
    pipeline_named,
    pipelines,
    remove_pipeline,
    save_pipeline,
    tag_of,
)
from muniment.ingest.views.pipeline_draft import Draft, shown_steps
from muniment.runtime.actor import may
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument, VersionConflict
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.registry import adapter_of

_MOST_BYTES = 1 << 20


@page("pipeline.read")
def list_pipelines(request: HttpRequest) -> HttpResponse:
    """List the pipelines."""
    return _list(request)


def _list(request: HttpRequest, fault: str = "") -> HttpResponse:
    rows = [
        (row, [str(step_class(step["name"]).title) for step in row.steps]) for row in pipelines()
    ]
    may_change = may(page_actor(request), "pipeline.change")
    context = {"rows": rows, "may_change": may_change, "fault": fault}
    return render(request, "ingest/pipelines.html", context, status=422 if fault else 200)


@page("pipeline.read")
def one_pipeline(request: HttpRequest, name: str) -> HttpResponse:
    """Show the steps of a pipeline."""
    row = pipeline_named(name)
    context = {
        "row": row,
        "tag": tag_of(row),
        "steps": shown_steps(row.steps),
        "may_change": may(page_actor(request), "pipeline.change"),
    }
    return render(request, "ingest/pipeline.html", context)


@page("pipeline.change", methods=("GET", "HEAD", "POST"))
def new_pipeline(request: HttpRequest) -> HttpResponse:
    """Make a pipeline, beginning with the steps of another one (`from`; the default without)."""
    if request.method == "POST":
        return _work_on(request, Draft.of_form(request.POST), "")
    model = pipeline_named(request.GET.get("from") or None)
    return _editor(request, Draft("", "", list(model.steps), ""), is_new=True)


@page("pipeline.change", methods=("GET", "HEAD", "POST"))
def edit_pipeline(request: HttpRequest, name: str) -> HttpResponse:
    """Change title, steps, their order and parameters; nothing is kept before it is saved."""
    row = pipeline_named(name)
    if request.method == "POST":
        return _work_on(request, Draft.of_form(request.POST, name), name)
    return _editor(request, Draft(row.name, row.title, list(row.steps), tag_of(row)))


def _work_on(request: HttpRequest, draft: Draft, name: str) -> HttpResponse:
    """Do what a button of the editor says; without scripts each press comes here."""
    is_new = not name
    deed, step = request.POST.get("do", "save").partition(":")[::2]
    try:
        if deed != "save":
            changed = draft.after(deed, step or request.POST.get("add", ""))
            return _editor(request, changed, is_new=is_new, moved=step)
        _save(request, draft.name, draft.steps, draft.title, draft.seen)
    except VersionConflict as exc:
        row = next((each for each in pipelines() if each.name == name), None)
        known = draft.seen_now(tag_of(row) if row else "")
        fault = f"{exc}. " + _("Your changes are kept below; save again to replace the other ones.")
        return _editor(request, known if name else draft, is_new=is_new, fault=fault)
    except InvalidArgument as exc:
        return _editor(request, draft, is_new=is_new, fault=str(exc))
    return HttpResponseRedirect(f"/pipelines/{draft.name}")


def _save(
    request: HttpRequest, name: str, steps: Sequence[Mapping[str, Any]], title: str, seen: str
) -> None:
    save_pipeline(
        name,
        steps,
        title=title,
        actor=page_actor(request),
        clock=adapter_of(Clock),  # type: ignore[type-abstract]  # a port is a Protocol
        seen=seen,
    )


def _editor(
    request: HttpRequest,
    draft: Draft,
    *,
    is_new: bool = False,
    fault: str = "",
    moved: str = "",
) -> HttpResponse:
    context = {
        "draft": draft,
        "steps": shown_steps(draft.steps),
        "others": draft.others(),
        "is_new": is_new,
        "fault": fault,
        "moved": moved,
    }
    return render(request, "ingest/pipeline_edit.html", context, status=422 if fault else 200)


@page("pipeline.read")
def export_pipeline(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001  # Django's
    """Give a pipeline as the file that can be brought in elsewhere, or saved by the command."""
    found = documents.pipeline(pipeline_named(name))
    document = {key: found[key] for key in ("name", "title", "steps")}
    response = JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = f'attachment; filename="pipeline-{name}.json"'
    return response


@page("pipeline.change", methods=("POST",))
@csrf_exempt  # checked below: the form is read by a handler of ours, so not before this view
def import_pipeline(request: HttpRequest) -> HttpResponse:
    """Bring a pipeline in from a file; one of the same name is replaced only when that is said."""
    # In memory, and nothing larger than what the framework takes there.
    request.upload_handlers = [MemoryFileUploadHandler(request)]
    answer: HttpResponse = _bring_in(request)
    return answer


@csrf_protect
def _bring_in(request: HttpRequest) -> HttpResponse:
    try:
        said = _read(request.FILES.get("file"))
        seen = "*" if "replace" in request.POST else ""
        _save(request, said["name"], said["steps"], said["title"], seen)
    except (InvalidArgument, VersionConflict) as exc:
        return _list(request, str(exc))
    return HttpResponseRedirect(f"/pipelines/{said['name']}")


def _read(file: UploadedFile[Any] | None) -> dict[str, Any]:  # Any: JSON, checked by the service
    if file is None:
        raise InvalidArgument(_("choose a file first"))
    data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise InvalidArgument(_("the file of a pipeline has at most 1 MiB"))
    try:
        said = orjson.loads(data)
    except json.JSONDecodeError as exc:
        raise InvalidArgument(f"the file is no JSON: {exc}") from exc
    is_good = (
        isinstance(said, dict)
        and set(said) <= {"name", "title", "steps"}
        and isinstance(said.get("name"), str)
        and isinstance(said.setdefault("title", ""), str)
        and isinstance(said.get("steps"), list)
        and all(_is_step(each) for each in said["steps"])
    )
    if not is_good:
        raise InvalidArgument(
            'the file of a pipeline is {"name": …, "title": …, "steps": [{"name": …}]}'
        )
    return dict(said)


def _is_step(said: object) -> bool:
    return (
        isinstance(said, dict)
        and isinstance(said.get("name"), str)
        and isinstance(said.get("parameters", {}), dict)
        and set(said) <= {"name", "parameters"}
    )


@page("pipeline.change", methods=("POST",))
def remove(request: HttpRequest, name: str) -> HttpResponse:
    """Remove a pipeline and go to the list."""
    remove_pipeline(name, actor=page_actor(request), seen=request.POST.get("seen", "*"))
    return HttpResponseRedirect("/pipelines")
