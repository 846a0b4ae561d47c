"""Reads of users, tokens and the audit trail, as an actor may see them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db.models import Count, Q, QuerySet

from muniment.administration.models import (
    ApiToken,
    AuditEntry,
    ThingKey,
    User,
    Webhook,
    WebhookDelivery,
)
from muniment.runtime.actor import Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument, Missing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows; `next` is the cursor of the following page, "" at the end."""

    rows: tuple[T, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A group, the roles that it gives, and how many are in it."""

    name: str
    roles: tuple[str, ...]
    members: int


def user_shown(actor: Actor, username: str) -> User:
    """Return a user with their groups. Raises PermissionDenied, Missing. Two queries."""
    require(actor, "user.read")
    user = User.objects.filter(username=username).prefetch_related("groups").first()
    if user is None:
        raise Missing(f"there is no user {username!r}")
    return user


def visible_users(actor: Actor) -> QuerySet[User]:
    """Give every user with their groups. Raises PermissionDenied."""
    require(actor, "user.read")
    return User.objects.prefetch_related("groups")


def page_of_users(actor: Actor, *, limit: int, after: str = "", group: str = "") -> Page[User]:
    """Return a page of users (of a group) by name, with their groups. Two queries."""
    rows = visible_users(actor).filter(username__gt=after).order_by("username")
    if group:
        rows = rows.filter(groups__name=group)
    found = list(rows[: limit + 1])
    shown = found[:limit]
    return Page(tuple(shown), shown[-1].username if len(found) > limit else "")


def groups_shown(actor: Actor) -> list[GroupShown]:
    """Return every group by name; there are few. Two queries."""
    require(actor, "user.read")
    return [_shown(each) for each in _groups().order_by("name")]


def group_shown(actor: Actor, name: str) -> GroupShown:
    """Return one group. Raises PermissionDenied, Missing. Two queries."""
    require(actor, "user.read")
    group = _groups().filter(name=name).first()
    if group is None:
        raise Missing(f"there is no group {name!r}")
    return _shown(group)


def _groups() -> QuerySet[Group]:
    return Group.objects.annotate(members=Count("user")).prefetch_related("roles")


def _shown(group: Group) -> GroupShown:
    roles = tuple(sorted(each.role for each in group.roles.all()))
    return GroupShown(group.name, roles, group.members)  # type: ignore[attr-defined]  # annotated


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where somebody is signed in: in a browser, or by a program that asked for a pair of tokens.

    `session_key` is a secret; `name` is what it is ended by.
    """

    kind: str
    number: int
    at: datetime
    address: str
    agent: str
    session_key: str = ""

    @property
    def name(self) -> str:
        """Return its name among all of the user's."""
        return f"{self.kind}-{self.number}"


def sign_ins_of(user: User, *, clock: Clock) -> list[SignIn]:
    """Return where the user is signed in now, newest first. Two queries."""
    now = clock.now()
    open_ones = Session.objects.filter(expire_date__gt=now).values("session_key")
    rows = user.signed_in.filter(session_key__in=open_ones)
    found = [
        SignIn("browser", row.pk, row.at, row.address, row.agent, row.session_key) for row in rows
    ]
    pairs = user.token_pairs.filter(refresh_until__gt=now, stamp=user.get_session_auth_hash())
    found += [SignIn("program", row.pk, row.created_at, row.address, row.agent) for row in pairs]
    return sorted(found, key=lambda each: (each.at, each.name), reverse=True)


def tokens_of(user: User) -> list[ApiToken]:
    """Return the tokens of a user that are not revoked, newest first. One query."""
    return list(user.api_tokens.filter(revoked_at__isnull=True).order_by("-created_at"))


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """Only what this person did, of this action, on this thing; "" is all."""

    actor: str = ""
    action: str = ""
    thing: str = ""


def visible_audit(actor: Actor) -> QuerySet[AuditEntry]:
    """Give the whole trail. Raises PermissionDenied."""
    require(actor, "audit.read")
    return AuditEntry.objects.alias(thing_key=ThingKey("thing"))


def done_to(thing: str) -> Q:
    """Return what a line about this thing is; by way of the index.

    A short name is its own beginning. To say so twice would lead SQLite away from the index.
    """
    short = Q(thing_key=thing[:200])
    return short if len(thing) < 200 else short & Q(thing=thing)


def page_of_audit(
    actor: Actor, wanted: AuditWanted | None = None, *, limit: int, after: str = ""
) -> Page[AuditEntry]:
    """Return a page of the audit trail, newest first. One query."""
    said = asdict(wanted) if wanted else {}
    thing = said.pop("thing", "")
    rows = visible_audit(actor).filter(**{name: value for name, value in said.items() if value})
    rows = rows.filter(done_to(thing) if thing else Q()).order_by("-number")
    if after:
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise InvalidArgument("this is no cursor of this list: leave it out")
        rows = rows.filter(number__lt=int(after))
    found = list(rows[: limit + 1])
    shown = found[:limit]
    return Page(tuple(shown), str(shown[-1].number) if len(found) > limit else "")


def webhooks(actor: Actor) -> list[Webhook]:
    """Return every webhook, the oldest first. One query."""
    require(actor, "webhook.read")
    return list(Webhook.objects.select_related("owner").order_by("pk"))


def page_of_deliveries(webhook: Webhook, *, limit: int, after: str = "") -> Page[WebhookDelivery]:
    """Return a page of a webhook's log, newest first. One query."""
    rows = WebhookDelivery.objects.filter(webhook=webhook).order_by("-pk")
    if after:
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise InvalidArgument("this is no cursor of this list: leave it out")
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: limit + 1])
    shown = found[:limit]
    return Page(tuple(shown), str(shown[-1].pk) if len(found) > limit else "")
