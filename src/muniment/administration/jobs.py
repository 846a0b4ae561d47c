"""Durable work of administration: letters to those who forgot their password, webhooks."""

from __future__ import annotations

from urllib.parse import quote

from django.utils import translation
from django.utils.translation import gettext as _

from muniment.administration.models import User
from muniment.administration.services.passwords import RESET_JOB, reset_token, those_meant_by
from muniment.administration.services.telling import JOB as WEBHOOK_JOB
from muniment.administration.services.telling import attempt
from muniment.connectors.mail import Letter, LetterRefused, Mailer
from muniment.runtime.clock import Clock
from muniment.runtime.registry import adapter_of
from muniment.runtime.settings import settings
from muniment.work.kinds import JobContext, job_kind
from muniment.work.retry import RetryPolicy


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


def _letter(user: User) -> Letter:
    # The token is made here: arguments of jobs are shown to those who look after the queue.
    address = f"{settings().site_address}/password/new/{quote(user.username)}/{reset_token(user)}"
    text = _(
        "Somebody, you perhaps, asked for a new password of %(user)s.\n\n"
        "Set it here within the hour:\n%(address)s\n\n"
        "If it was not you, do nothing: the present password goes on."
    ) % {"user": user.username, "address": address}
    return Letter(user.email, _("Muniment: a new password"), text)
