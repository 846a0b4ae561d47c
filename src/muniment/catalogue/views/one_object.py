"""Pages of one object: overview, events, versions, description, tags."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from uuid import UUID

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.utils.translation import gettext as _

from muniment.catalogue import documents
from muniment.catalogue.description_text import parse_text, text_of
from muniment.catalogue.models import Event, IntellectualEntity
from muniment.catalogue.persons import has_persons, sees_persons
from muniment.catalogue.queries import history
from muniment.catalogue.reading import restrictions_in_force
from muniment.catalogue.services import tag_object
from muniment.catalogue.services.describing import edit_description
from muniment.catalogue.services.reading_policies import reading_of
from muniment.catalogue.views.shared import address, entity_of, policies, tabs_of
from muniment.information.dublin_core import TERMS
from muniment.information.event_types import EventType
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import may
from muniment.runtime.errors import InvalidArgument, VersionConflict
from muniment.runtime.home import ArchiveHome
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.registry import adapter_of
from muniment.storage.jobs import open_archive
from muniment.storage.ledger import Ledger
from muniment.work import outbox

_OUTCOMES = ("success", "warning", "fail", "skipped")


@page("object.read")
def one_object(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Show an object: description, tags, facts, formats."""
    entity = entity_of(request, object_id)
    actor = page_actor(request)
    context = {
        "entity": entity,
        "tabs": tabs_of(entity, ""),
        "whole": documents.whole_entity(entity, None),
        "may_describe": may(actor, "object.describe", entity),
        "may_tag": may(actor, "object.tag", entity),
        "may_decide": may(actor, "object.policy", entity),
        "may_export": may(actor, "object.export", entity),
        "held_back": restrictions_in_force().filter(entity=entity).exists(),
        "sees_persons": sees_persons(actor, entity),
    }
    if context["may_decide"]:
        present = reading_of(actor, ObjectId(str(entity.object_id))).policy
        context["policy"] = next(name for value, name, _about in policies() if value == present)
    return render(request, "catalogue/object.html", context)


@dataclass(frozen=True, slots=True)
class _Shown:
    """One event of the timeline."""

    row: Event
    day: str
    said: str
    more: str
    agents: str


def _shown(row: Event, *, sees_all: bool) -> _Shown:
    agents = [each.agent for each in row.linked_agents.all()]
    day = f"{row.date_time.astimezone(UTC):%Y-%m-%d}"
    if not sees_all and has_persons(row):
        return _Shown(row, day, "", "", "")
    return _Shown(
        row,
        day,
        row.outcome_detail or row.detail,
        row.detail if row.outcome_detail else "",
        " · ".join(f"{agent.name} {agent.version}".strip() for agent in agents),
    )


@page("object.read")
def object_events(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Show a page of events as a timeline, newest first."""
    entity = entity_of(request, object_id)
    said = request.GET
    wanted = history.EventFilter(
        type=said.get("type", "").replace("\0", ""), outcome=said.get("outcome", "")[:20]
    )
    found = history.list_events(entity, wanted=wanted, limit=50, after=said.get("cursor", ""))
    here = f"/objects/{entity.object_id}/events"
    sees_all = sees_persons(page_actor(request), entity)
    query = {"type": wanted.type, "outcome": wanted.outcome}
    context = {
        "entity": entity,
        "tabs": tabs_of(entity, "events"),
        "rows": [_shown(each, sees_all=sees_all) for each in found.rows],
        "types": sorted({each.value for each in EventType} | {wanted.type} - {""}),
        "outcomes": _OUTCOMES,
        **query,
        "first": address(here, **query) if said.get("cursor") else "",
        "next": address(here, **query, cursor=found.next) if found.next else "",
    }
    return render(request, "catalogue/events.html", context)


@page("object.read")
def object_versions(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Show the versions, and what one of them changed."""
    entity = entity_of(request, object_id)
    context: dict[str, object] = {
        "entity": entity,
        "tabs": tabs_of(entity, "versions"),
        "rows": history.versions_of(entity),
        "sees_persons": sees_persons(page_actor(request), entity),
    }
    wanted = request.GET.get("version", "")
    if wanted.isascii() and wanted.isdigit() and 1 < int(wanted[:9]) <= entity.head:
        new = int(wanted[:9])
        context |= {"old": new - 1, "new": new}
        context["difference"] = history.difference(entity, new - 1, new)
    return render(request, "catalogue/versions.html", context)


@page("object.describe", methods=("GET", "HEAD", "POST"))
def description(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Edit the Dublin Core as text; a conflict shows both and loses nothing."""
    entity = entity_of(request, object_id, "object.describe")
    text, fault = "", ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            _save(request, entity, text)
            return HttpResponseRedirect(f"/objects/{entity.object_id}")
        except (InvalidArgument, VersionConflict) as exc:
            fault = str(exc)
            entity.refresh_from_db()
    terms = history.terms_of(entity, entity.head)
    context = {
        "entity": entity,
        "tabs": tabs_of(entity, ""),
        "text": text if fault else text_of(terms),
        "fault": fault,
        "head": entity.head,
        "known": ", ".join(sorted(TERMS)),
    }
    return render(request, "catalogue/description.html", context, status=422 if fault else 200)


def _save(request: HttpRequest, entity: IntellectualEntity, text: str) -> None:
    if request.POST.get("head") != str(entity.head):
        raise VersionConflict(
            _("Somebody else has changed the description meanwhile. Look at it, then save again.")
        )
    record = parse_text(text)
    with tempfile.TemporaryDirectory(prefix="describe-", dir=adapter_of(ArchiveHome).work) as work:
        edit_description(
            ObjectId(str(entity.object_id)),
            record,
            actor=page_actor(request),
            archive=open_archive(),
            work=Path(work),
        )
    outbox.drain()


@page("object.tag", methods=("POST",))
def tags(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Hang a tag on or take one off, and go back."""
    entity = entity_of(request, object_id, "object.tag")
    tag_object(
        ObjectId(str(entity.object_id)),
        add=[name for name in request.POST.getlist("add") if name],
        remove=[name for name in request.POST.getlist("remove") if name],
        actor=page_actor(request),
        ledger=adapter_of(Ledger),
    )
    outbox.drain()
    return HttpResponseRedirect(f"/objects/{entity.object_id}")
