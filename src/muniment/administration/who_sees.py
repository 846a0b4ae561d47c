"""Who sees users, what is theirs, and the audit trail."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from muniment.administration.models import (
    ApiToken,
    AuditEntry,
    ForeignIdentity,
    GroupRole,
    Notification,
    NotificationChoice,
    RecoveryCode,
    RequestAnswer,
    SecondFactor,
    SignedIn,
    SignInAttempts,
    TokenPair,
    User,
    Webhook,
    WebhookDelivery,
)
from muniment.runtime.actor import Actor
from muniment.work.visibility import hide, show, show_to, show_with


def register() -> None:
    """Say it for every table of this package."""
    for model in (User, GroupRole):
        show_to(model, "user.read")
    for mine in (ApiToken, ForeignIdentity, Notification, NotificationChoice, SignedIn):
        _show_to_its_user(mine)
    show_to(AuditEntry, "audit.read")
    show_to(Webhook, "webhook.read")
    show_with(WebhookDelivery, "webhook", Webhook)
    hide(SecondFactor, "a secret")
    hide(RecoveryCode, "digests of secrets")
    hide(TokenPair, "digests of secrets")
    hide(RequestAnswer, "an answer, given again to whoever got it before")
    hide(SignInAttempts, "counts of guesses")


def _show_to_its_user(model: type[Model]) -> None:
    def rows(actor: Actor) -> Any:  # noqa: ANN401  # a queryset of the model
        return model._default_manager.filter(user__username=actor.name)

    show(model, rows)
