"""Reads of what one person was told, in the language of whoever reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from muniment.administration.kinds_of_notification import (
    NotificationKind,
    kind_of_notification,
    notification_kinds,
)
from muniment.administration.models import Notification, NotificationChoice, User
from muniment.administration.queries import Page
from muniment.runtime.errors import InvalidArgument


@dataclass(frozen=True, slots=True)
class ShownNotification:
    """One line of the inbox, in the language of whoever reads."""

    number: int
    kind: str
    text: str
    address: str
    at: datetime
    is_read: bool


def unread_of(user: User) -> int:
    """Return how many notifications a person has not read. One query."""
    return Notification.objects.filter(user=user, is_shown=True, read_at=None).count()


def notifications_of(user: User) -> QuerySet[Notification]:
    """Return what a person was told in the page."""
    return Notification.objects.filter(user=user, is_shown=True)


def page_of_notifications(user: User, *, limit: int, after: str = "") -> Page[ShownNotification]:
    """Return a page of a person's notifications, newest first. One query."""
    rows = notifications_of(user).order_by("-pk")
    if after:
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise InvalidArgument("this is no cursor of this list: leave it out")
        rows = rows.filter(pk__lt=int(after))
    found = [shown_notification(row) for row in rows[: limit + 1]]
    shown = found[:limit]
    return Page(tuple(shown), str(shown[-1].number) if len(found) > limit else "")


def shown_notification(row: Notification) -> ShownNotification:
    """Put a notification into words; a kind that a package took along is shown by its name."""
    try:
        text = kind_of_notification(row.kind).render(row.parameters)
    except InvalidArgument:
        text = row.kind
    return ShownNotification(row.pk, row.kind, text, row.address, row.at, row.read_at is not None)


def choices_of(user: User) -> list[tuple[NotificationKind, NotificationChoice]]:
    """Return each kind with how the person wants to be told of it. One query."""
    known = {each.kind: each for each in NotificationChoice.objects.filter(user=user)}
    return [
        (kind, known.get(kind.name) or NotificationChoice(user=user, kind=kind.name))
        for kind in notification_kinds()
    ]
