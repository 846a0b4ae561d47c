"""The page on which somebody decides who may read an object."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from muniment.catalogue.services.reading_policies import Reading, reading_of, set_reading
from muniment.catalogue.types import ReadingPolicyName
from muniment.catalogue.views.shared import entity_of, policies, tabs_of
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Level
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument, VersionConflict
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.registry import adapter_of

_LOWER = (Level.NONE, Level.METADATA, Level.PREVIEW)


@page("object.policy", methods=("GET", "HEAD", "POST"))
def reading(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Show who may read the object; on POST decide it, unless somebody else did meanwhile."""
    entity, actor = entity_of(request, object_id, "object.policy"), page_actor(request)
    name = ObjectId(str(entity.object_id))
    present, fault = reading_of(actor, name), ""
    shown = present
    if request.method == "POST":
        try:
            shown = _said(request.POST)
            set_reading(
                name,
                shown,
                seen=_seen(request.POST, present),
                actor=actor,
                clock=adapter_of(Clock),  # type: ignore[type-abstract]  # a port is a Protocol
            )
        except (InvalidArgument, VersionConflict) as exc:
            fault = str(exc)
        else:
            messages.success(request, _("Who may read it was changed."), extra_tags="good")
            return HttpResponseRedirect(f"/objects/{entity.object_id}/reading")
    context = {
        "entity": entity,
        "tabs": tabs_of(entity, ""),
        "reading": shown,
        "seen": _mark(present),
        "present": present.as_json(),
        "policies": policies(),
        "levels": [(int(level), _level_name(level)) for level in _LOWER],
        "groups": list(Group.objects.order_by("name").values_list("name", flat=True)),
        "fault": fault,
    }
    return render(request, "catalogue/reading.html", context, status=422 if fault else 200)


def _said(form: QueryDict) -> Reading:
    try:
        policy = ReadingPolicyName(form.get("policy", ""))
        day = form.get("embargo_until") or ""
        until = date.fromisoformat(str(day)) if day else None
        others, embargo = (Level(int(form.get(f"{n}_level") or 0)) for n in ("others", "embargo"))
    except ValueError as exc:
        raise InvalidArgument(_("Choose a policy, levels of the lists, and a date.")) from exc
    is_groups = policy is ReadingPolicyName.GROUPS
    return Reading(
        policy,
        tuple(sorted(form.getlist("group"))) if is_groups else (),
        others if is_groups else Level.NONE,
        until,
        embargo,
    )


def _seen(form: QueryDict, present: Reading) -> Reading:
    if form.get("seen") != _mark(present):
        raise VersionConflict(_("Somebody else has decided meanwhile. Look at it again."))
    return present


def _mark(reading: Reading) -> str:
    return str(sorted(reading.as_json().items()))


def _level_name(level: Level) -> str:
    names = {Level.NONE: _("nothing"), Level.METADATA: _("the description")}
    return names.get(level) or _("a preview")
