"""Those who look after fixity are told when a check finds a fault."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from muniment.administration.kinds_of_notification import NotificationKind, register_kind
from muniment.administration.services.notifications import News, tell, those_who_may
from muniment.information.event_types import EventType
from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import Clock
from muniment.work import outbox

DAMAGE = NotificationKind(
    "object damaged",
    _("a fixity check finds a fault"),
    _("A fixity check of object %(object_id)s found a fault: %(outcome)s"),
)


def notify_of_damage(clock: Clock) -> None:
    """Let those hear of damage who may run fixity checks, from now on."""
    register_kind(DAMAGE)

    def hear(event: outbox.Event) -> None:
        said = event.payload["payload"]
        if said.get("event_type") != EventType.FIXITY_CHECK or said.get("outcome") != "failure":
            return
        parameters = {
            "object_id": event.payload["object_id"],
            "outcome": str(said.get("outcome_detail", "")),
        }
        news = News(DAMAGE.name, event.number, parameters, f"/objects/{event.payload['object_id']}")
        tell(those_who_may("fixity.run"), news, actor=SYSTEM, clock=clock)

    outbox.subscribe("notifications.damage", ["ledger recorded"], hear)
