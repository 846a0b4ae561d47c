"""The page on which somebody states the rights of an object."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from muniment.catalogue.models import IntellectualEntity
from muniment.catalogue.queries.history import rights_of
from muniment.catalogue.services.rights import Stated, state_rights
from muniment.catalogue.types import Restriction
from muniment.catalogue.views.shared import entity_of, tabs_of
from muniment.information.identifiers import ObjectId
from muniment.information.premis import RightsGranted
from muniment.runtime.errors import InvalidArgument, VersionConflict
from muniment.runtime.home import ArchiveHome
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.registry import adapter_of
from muniment.storage.jobs import open_archive
from muniment.work import outbox

BASES = ("copyright", "license", "statute", "donor", "policy", "other")
ACTS = ("disseminate", "publish", "display", "replicate", "migrate", "modify", "delete")
_NOTHING = Stated(basis="copyright")


@page("object.policy", methods=("GET", "HEAD", "POST"))
def rights(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Show the statements, and one of them or a new one to fill in; POST makes a version."""
    entity, fault = entity_of(request, object_id, "object.policy"), ""
    present = [Stated.of(each.as_json()) for each in rights_of(entity, entity.head)]
    wanted = request.GET.get("statement", "")
    shown = next((each for each in present if each.rights_id == wanted), _NOTHING)
    if request.method == "POST":
        shown = _said(request.POST)
        try:
            _save(request, entity, _changed(present, shown, request.POST))
        except (InvalidArgument, VersionConflict) as exc:
            fault = str(exc)
            entity.refresh_from_db()
        else:
            messages.success(request, _("The rights were stated."), extra_tags="good")
            return HttpResponseRedirect(f"/objects/{entity.object_id}/rights")
    blank = RightsGranted(act="")
    context = {
        "entity": entity,
        "tabs": tabs_of(entity, "rights"),
        "present": present,
        "shown": shown,
        "is_new": not shown.rights_id,
        "acts": [*shown.granted, blank],
        "known_acts": ACTS,
        "bases": _with(BASES, shown.basis),
        "restrictions": [each.value for each in Restriction],
        "fault": fault,
    }
    return render(request, "catalogue/rights.html", context, status=422 if fault else 200)


def _with(known: Sequence[str], one: str) -> list[str]:
    return list(dict.fromkeys([*known, *([one] if one else [])]))


def _changed(present: Sequence[Stated], shown: Stated, form: QueryDict) -> list[Stated]:
    """Return all statements, with the one of the form taken away, replaced or added."""
    if form.get("remove"):
        return [each for each in present if each.rights_id != form["remove"]]
    if not shown.rights_id:
        return [*present, shown]
    return [shown if each.rights_id == shown.rights_id else each for each in present]


def _said(form: QueryDict) -> Stated:
    """Read the form; acts without a name are left out."""
    columns = (form.getlist(f"granted_{name}") for name in ("act", "limit", "from", "to", "note"))
    granted = tuple(
        RightsGranted(
            act=act.strip(),
            restrictions=tuple(filter(None, (each.strip() for each in limit.split(";")))),
            starts_at=starts_at.strip(),
            ends_at=ends_at.strip(),
            notes=_lines(note),
        )
        for act, limit, starts_at, ends_at, note in zip(*columns, strict=False)
        if act.strip()
    )
    return replace(
        _NOTHING,
        rights_id=form.get("rights_id", ""),
        basis=form.get("basis", "").strip(),
        terms=form.get("terms", "").strip(),
        jurisdiction=form.get("jurisdiction", "").strip(),
        notes=_lines(form.get("notes", "")),
        granted=granted,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (line.strip() for line in text.splitlines())))


def _save(request: HttpRequest, entity: IntellectualEntity, wanted: Sequence[Stated]) -> None:
    seen = request.POST.get("seen", "")
    if seen != str(entity.head):
        raise VersionConflict(
            _("Somebody else has made a version meanwhile. Look at it, then save again.")
        )
    with tempfile.TemporaryDirectory(prefix="rights-", dir=adapter_of(ArchiveHome).work) as work:
        state_rights(
            ObjectId(str(entity.object_id)),
            wanted,
            seen=entity.head,
            actor=page_actor(request),
            archive=open_archive(),
            work=Path(work),
        )
    outbox.drain()
