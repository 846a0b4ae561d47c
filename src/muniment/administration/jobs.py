"""Durable work of administration: letters to those who forgot their password, webhooks."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from urllib.parse import quote

from django.utils import translation
from django.utils.translation import gettext as _

from muniment.administration import clearing as _clearing  # noqa: F401  # registers itself
from muniment.administration.inbox import ShownNotification, shown_notification
from muniment.administration.models import Notification, User
from muniment.administration.services.notifications import MAIL_JOB
from muniment.administration.services.passwords import RESET_JOB, reset_token, those_meant_by
from muniment.administration.services.telling import JOB as WEBHOOK_JOB
from muniment.administration.services.telling import attempt
from muniment.connectors.mail import Letter, LetterRefused, Mailer
from muniment.runtime.clock import Clock
from muniment.runtime.metrics import MAILS
from muniment.runtime.registry import adapter_of
from muniment.runtime.settings import settings
from muniment.work.kinds import JobContext, job_kind
from muniment.work.retry import RetryPolicy

log = logging.getLogger(__name__)
_MOST_IN_A_LETTER = 200


@job_kind(WEBHOOK_JOB, retry=RetryPolicy.PARTNER)
def tell_webhook(context: JobContext) -> dict[str, str]:
    """Send one delivery once; it queues its own further attempts."""
    clock = adapter_of(Clock)  # type: ignore[type-abstract]  # likewise
    return {"state": attempt(str(context.arguments["delivery"]), clock=clock)}


@job_kind(RESET_JOB, retry=RetryPolicy.PARTNER)
def mail_reset_links(context: JobContext) -> dict[str, int]:
    """Write to whom `said` means; the result does not tell whether there was somebody."""
    mailer = adapter_of(Mailer)  # type: ignore[type-abstract]  # a port is a Protocol
    with translation.override(str(context.arguments["language"])):
        for user in those_meant_by(str(context.arguments["said"])):
            try:
                mailer.send(_letter(user))
            except LetterRefused:
                continue  # their address is wrong; another attempt would mend nothing
    return {}


@job_kind(MAIL_JOB, retry=RetryPolicy.PARTNER)
def mail_notifications(context: JobContext) -> dict[str, int]:
    """Write one letter of all that a person is to be told by mail and was not yet.

    A crash between the server's yes and ours sends the letter again: twice is better than never.
    """
    user = User.objects.filter(pk=context.arguments["user"], is_active=True).first()
    if user is None or not user.email:
        return {"told": 0}
    waiting = Notification.objects.filter(user=user, mail=context.arguments["mail"], mailed_at=None)
    rows = list(waiting.order_by("pk")[:_MOST_IN_A_LETTER])
    if not rows:
        return {"told": 0}
    mailer = adapter_of(Mailer)  # type: ignore[type-abstract]  # a port is a Protocol
    with translation.override(user.language or "en"):
        letter = _notification_letter(user, [shown_notification(row) for row in rows])
    try:
        mailer.send(letter)
        MAILS.add(result="sent")
    except LetterRefused:
        # Another attempt would mend nothing: it is in the page all the same.
        MAILS.add(result="refused")
        log.warning("a letter was refused", extra={"user": user.pk})
    clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
    waiting.filter(pk__in=[row.pk for row in rows]).update(mailed_at=clock.now())
    return {"told": len(rows)}


def _notification_letter(user: User, told: Sequence[ShownNotification]) -> Letter:
    site = settings().site_address
    lines = [f"{each.at:%Y-%m-%d %H:%M}Z  {each.text}\n{site}{each.address}\n" for each in told]
    how = _("You get this because you chose so. Change it here:")
    text = "\n".join([*lines, how, f"{site}/me/notifications"])
    if len(told) == 1:
        return Letter(user.email, f"Muniment: {_one_line(told[0].text)}", text)
    subject = _("Muniment: %(count)s things to know") % {"count": len(told)}
    return Letter(user.email, subject, text)


def _one_line(text: str, most: int = 120) -> str:
    """Return a text as a subject: names may hold anything."""
    plain = "".join(each if each.isprintable() else " " for each in text)
    return plain[:most]


def _letter(user: User) -> Letter:
    # The token is made here: arguments of jobs are shown to those who look after the queue.
    address = f"{settings().site_address}/password/new/{quote(user.username)}/{reset_token(user)}"
    text = _(
        "Somebody, you perhaps, asked for a new password of %(user)s.\n\n"
        "Set it here within the hour:\n%(address)s\n\n"
        "If it was not you, do nothing: the present password goes on."
    ) % {"user": user.username, "address": address}
    return Letter(user.email, _("Muniment: a new password"), text)
