"""What the pages of an object have in common."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from muniment.catalogue.models import IntellectualEntity
from muniment.catalogue.queries import entities
from muniment.information.identifiers import ObjectId
from muniment.runtime.http.pages import page_actor


def address(path: str, **query: object) -> str:
    """Return the path with the parameters that have a value."""
    said = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{said}" if said else path


def entity_of(
    request: HttpRequest, object_id: UUID, action: str = "object.read"
) -> IntellectualEntity:
    """Return the object of a page; ObjectMissing when there is none that the visitor may see."""
    return entities.entity_for(page_actor(request), ObjectId(str(object_id)), action=action)


def tabs_of(entity: IntellectualEntity, current: str) -> list[tuple[str, str, bool]]:
    """Return name, address and whether it is the open one, of each tab of an object."""
    names = {
        "": _("Overview"),
        "files": _("Files"),
        "events": _("Events"),
        "versions": _("Versions"),
    }
    return [
        (name, f"/objects/{entity.object_id}" + (f"/{part}" if part else ""), part == current)
        for part, name in names.items()
    ]


def policies() -> list[tuple[str, str, str]]:
    """Return the policies of reading: value, name, meaning."""
    return [
        ("staff", _("Staff"), _("Nobody but staff and the owner.")),
        ("groups", _("Groups"), _("The members of the groups that are marked below.")),
        ("metadata-only", _("Description only"), _("Whoever is signed in sees that it is there.")),
        ("registered", _("Signed in"), _("Whoever is signed in may download it.")),
        ("public", _("Public"), _("Everybody whom the site lets in may download it.")),
    ]
