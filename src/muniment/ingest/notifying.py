"""People are told what became of the packages that they handed in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from muniment.administration.kinds_of_notification import NotificationKind, register_kind
from muniment.administration.models import User
from muniment.administration.services.notifications import News, tell
from muniment.ingest.models import Submission
from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import Clock
from muniment.work import outbox

KINDS = (
    NotificationKind(
        "submission accepted", _("a package is accepted"), _("%(name)s was accepted and is kept.")
    ),
    NotificationKind(
        "submission refused",
        _("a package is refused"),
        _("%(name)s was refused: the report names %(errors)s faults."),
    ),
    NotificationKind(
        "submission failed", _("a package fails"), _("%(name)s could not be taken in: %(reason)s")
    ),
    NotificationKind(
        "submission held", _("a package waits for somebody"), _("%(name)s waits: %(reason)s")
    ),
    NotificationKind(
        "submission cancelled", _("a package is cancelled"), _("%(name)s was cancelled.")
    ),
)


def notify_of_submissions(clock: Clock) -> None:
    """Let the owners of submissions hear of them from now on."""
    for kind in KINDS:
        register_kind(kind)

    def hear(event: outbox.Event) -> None:
        row = Submission.objects.filter(submission_id=event.payload["submission_id"]).first()
        if row is None or row.dry_run:
            return
        news = News(event.name, event.number, _parameters(row), f"/submissions/{row.submission_id}")
        owner = User.objects.filter(username=row.owner, is_active=True)
        tell(owner, news, actor=SYSTEM, clock=clock)

    outbox.subscribe("notifications.submissions", [kind.name for kind in KINDS], hear)


def _parameters(row: Submission) -> dict[str, str]:
    return {
        "name": row.source_path.rstrip("/").rpartition("/")[2][:200],
        "errors": str(row.error_count),
        "reason": row.held_reason[:500],
    }
