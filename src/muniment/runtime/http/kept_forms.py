"""What somebody wrote into a form while their session ended: kept until they are back."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

KEPT = "/kept/"
"""Where the form waits after signing in."""
_PLACE = "kept_form"
_MOST_CHARACTERS = 200_000
_MOST_FIELDS = 1000
_FOR_S = 3600
_SECRETS = frozenset({"password", "present", "new", "code", "token", "secret"})


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where the form was sent, and its fields in order; files cannot be kept."""

    address: str
    fields: tuple[tuple[str, str], ...]


def keep_form(request: HttpRequest) -> bool:
    """Keep the form of a visitor in their session; False when there is none, or one of secrets."""
    if request.method != "POST":
        return False
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    size = sum(len(name) + len(value) for name, value in fields)
    if not fields or len(fields) > _MOST_FIELDS or size > _MOST_CHARACTERS:
        return False
    if any(name in _SECRETS for name, _ in fields):
        return False
    request.session[_PLACE] = {"address": request.get_full_path(), "fields": fields}
    request.session.set_expiry(_FOR_S)  # a visitor's session; signing in makes it an ordinary one
    return True


def kept_form(request: HttpRequest) -> KeptForm | None:
    """Return what was kept for this session."""
    found = request.session.get(_PLACE)
    if found is None:
        return None
    return KeptForm(found["address"], tuple((name, value) for name, value in found["fields"]))


def drop_kept_form(request: HttpRequest) -> None:
    """Forget it."""
    request.session.pop(_PLACE, None)
