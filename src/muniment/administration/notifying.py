"""Whoever set up a webhook is told when it is switched off because it failed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from muniment.administration.kinds_of_notification import NotificationKind, register_kind
from muniment.administration.models import User
from muniment.administration.services.notifications import News, tell
from muniment.administration.services.telling import SWITCHED_OFF
from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import Clock
from muniment.work import outbox

WEBHOOK_OFF = NotificationKind(
    "webhook switched off",
    _("a webhook of mine is switched off"),
    _("Your webhook to %(url)s was switched off: %(reason)s"),
)


def notify_of_webhooks(clock: Clock) -> None:
    """Let owners hear of it from now on."""
    register_kind(WEBHOOK_OFF)

    def hear(event: outbox.Event) -> None:
        owner = User.objects.filter(username=event.payload["owner"], is_active=True)
        parameters = {name: str(event.payload[name]) for name in ("url", "reason")}
        address = f"/webhooks/{event.payload['webhook']}"
        news = News(WEBHOOK_OFF.name, event.number, parameters, address)
        tell(owner, news, actor=SYSTEM, clock=clock)

    outbox.subscribe("notifications.webhooks", [SWITCHED_OFF], hear)
