"""Telling people what happened to what is theirs, in the page and by mail, as each of them chose.

Called by subscribers of the outbox, in the transaction that takes the event: a notification and the
job that mails it are written once, or with the event again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Max

from muniment.administration.kinds_of_notification import kind_of_notification
from muniment.administration.models import Notification, NotificationChoice, User
from muniment.administration.models.notification import MAIL
from muniment.runtime.actor import Actor, may
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument
from muniment.work.services import enqueue

MAIL_JOB = "notification mail"
BETWEEN_MAILS = timedelta(hours=1)
_DAILY_AT_HOUR = 6


@dataclass(frozen=True, slots=True)
class News:
    """What is told: kind, number of the domain event, what fills the text, where to look."""

    kind: str
    event: int
    parameters: Mapping[str, str]
    address: str = ""


def tell(users: Iterable[User], news: News, *, actor: Actor, clock: Clock) -> int:
    """Tell each of these, as they chose; return how many are told. Telling again tells nobody."""
    kind_of_notification(news.kind)
    told = 0
    for user in users:
        told += _tell_one(user, news, actor, clock)
    return told


def _tell_one(user: User, news: News, actor: Actor, clock: Clock) -> int:
    choice = choice_of(user, news.kind)
    mail = choice.mail if user.email else "none"
    if not choice.is_shown and mail == "none":
        return 0
    row, is_new = Notification.objects.get_or_create(
        user=user,
        event=news.event,
        kind=news.kind,
        defaults={
            "parameters": dict(news.parameters),
            "address": news.address,
            "is_shown": choice.is_shown,
            "mail": mail,
        },
    )
    if is_new and mail != "none":
        _queue_mail(row, actor, clock)
    return int(is_new)


def choice_of(user: User, kind: str) -> NotificationChoice:
    """Return how this person wants to be told of this kind: as chosen, or the default."""
    found = NotificationChoice.objects.filter(user=user, kind=kind).first()
    return found or NotificationChoice(user=user, kind=kind)


def _queue_mail(row: Notification, actor: Actor, clock: Clock) -> None:
    """Queue one letter for all that this person is to be told by then.

    At most one an hour: what comes in between goes into the next letter, which is queued once.
    """
    now = clock.now()
    mailed = Notification.objects.filter(user=row.user_id).aggregate(last=Max("mailed_at"))["last"]
    due = max(now, mailed + BETWEEN_MAILS) if mailed else now
    if row.mail == "daily":
        due = now.replace(hour=_DAILY_AT_HOUR, minute=0, second=0, microsecond=0)
        due += timedelta(days=due <= now)
    waiting = Notification.objects.filter(user=row.user_id, mail=row.mail, mailed_at=None)
    first = waiting.order_by("pk").values_list("pk", flat=True)[0]
    enqueue(
        MAIL_JOB,
        {"user": row.user_id, "mail": row.mail},
        actor=actor,
        run_after=due,
        idempotency_key=f"{row.mail}:{row.user_id}:{first}",
    )


def those_who_may(action: str) -> list[User]:
    """Return the active people who may do this to everything; a query or two for each person."""
    users = User.objects.filter(is_active=True).order_by("pk")
    return [user for user in users if may(user.actor, action)]


def mark_read(user: User, *, up_to: int, clock: Clock) -> int:
    """Mark what a person has seen, up to this number, as read; return how many were not."""
    rows = Notification.objects.filter(user=user, pk__lte=up_to, read_at=None)
    return rows.update(read_at=clock.now())


def choose(user: User, kind: str, *, is_shown: bool, mail: str) -> NotificationChoice:
    """Keep how a person wants to be told of a kind from now on. Raises InvalidArgument."""
    kind_of_notification(kind)
    if mail not in MAIL:
        raise InvalidArgument(f"mail is one of {', '.join(MAIL)}, not {mail[:20]!r}")
    with transaction.atomic():
        row, _ = NotificationChoice.objects.update_or_create(
            user=user, kind=kind, defaults={"is_shown": is_shown, "mail": mail}
        )
    return row
