"""Reads of users, tokens and the audit trail, as an actor may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from muniment.administration.models import ApiToken, AuditEntry, User
from muniment.runtime.actor import Actor, require
from muniment.runtime.errors import InvalidArgument

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows; `next` is the cursor of the following page, "" at the end."""

    rows: tuple[T, ...]
    next: str = ""


def page_of_users(actor: Actor, *, limit: int, after: str = "") -> Page[User]:
    """Return a page of users by name, with their groups. Two queries."""
    require(actor, "user.read")
    rows = User.objects.filter(username__gt=after).order_by("username").prefetch_related("groups")
    found = list(rows[: limit + 1])
    shown = found[:limit]
    return Page(tuple(shown), shown[-1].username if len(found) > limit else "")


def tokens_of(user: User) -> list[ApiToken]:
    """Return the tokens of a user that are not revoked, newest first. One query."""
    return list(user.api_tokens.filter(revoked_at__isnull=True).order_by("-created_at"))


def page_of_audit(actor: Actor, *, limit: int, after: str = "") -> Page[AuditEntry]:
    """Return a page of the audit trail, newest first. One query."""
    require(actor, "audit.read")
    rows = AuditEntry.objects.order_by("-number")
    if after:
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise InvalidArgument("this is no cursor of this list: leave it out")
        rows = rows.filter(number__lt=int(after))
    found = list(rows[: limit + 1])
    shown = found[:limit]
    return Page(tuple(shown), str(shown[-1].number) if len(found) > limit else "")
