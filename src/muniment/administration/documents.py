"""Users, tokens and the audit trail as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from muniment.administration.models import (
        ApiToken,
        AuditEntry,
        User,
        Webhook,
        WebhookDelivery,
    )
    from muniment.administration.queries import GroupShown, SignIn

Document = dict[str, Any]  # Any: JSON of any shape


def me(row: User) -> Document:
    """Return who one is, with the roles and scopes in force."""
    return {
        "username": row.username,
        "full_name": row.get_full_name(),
        "email": row.email,
        "roles": sorted(row.roles),
        "scopes": None if row.scopes is None else sorted(row.scopes),
    }


def user(row: User) -> Document:
    """Return a user as administrators see them."""
    return {
        "username": row.username,
        "full_name": row.get_full_name(),
        "email": row.email,
        "is_active": row.is_active,
        "must_change_password": row.must_change_password,
        "groups": sorted(group.name for group in row.groups.all()),
        "last_login": row.last_login.isoformat() if row.last_login else None,
    }


def group(row: GroupShown) -> Document:
    """Return a group with the roles that it gives."""
    return {"name": row.name, "roles": list(row.roles), "members": row.members}


def session(row: SignIn) -> Document:
    """Return where somebody is signed in; the key of the session is a secret."""
    return {
        "name": row.name,
        "kind": row.kind,
        "number": row.number,
        "at": row.at.isoformat(),
        "address": row.address,
        "agent": row.agent,
    }


def token(row: ApiToken) -> Document:
    """Return a token; its secret is not known here."""
    return {
        "name": row.name,
        "hint": row.hint,
        "scopes": row.scopes,
        "created_at": row.created_at.isoformat(),
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        "last_used_at": row.last_used_at.isoformat() if row.last_used_at else None,
    }


def audit_entry(row: AuditEntry) -> Document:
    """Return a line of the audit trail."""
    return {
        "number": row.number,
        "at": row.at.isoformat(),
        "actor": row.actor,
        "action": row.action,
        "thing": row.thing,
        "outcome": row.outcome,
        "detail": row.detail,
        "address": row.address,
        "request_id": row.request_id,
    }


def webhook(row: Webhook) -> Document:
    """Return a webhook without its secrets."""
    return {
        "number": row.pk,
        "url": row.url,
        "events": row.events,
        "owner": row.owner.username,
        "is_enabled": row.is_enabled,
        "disabled_reason": row.disabled_reason or None,
        "failing_since": row.failing_since.isoformat() if row.failing_since else None,
    }


def delivery(row: WebhookDelivery) -> Document:
    """Return what was sent to a webhook, and what it answered."""
    return {
        "delivery_id": str(row.delivery_id),
        "event": row.event,
        "event_name": row.event_name,
        "state": row.state,
        "attempts": row.attempts,
        "status": row.status,
        "said": row.said,
        "body": row.body,
        "created_at": row.created_at.isoformat(),
        "attempted_at": row.attempted_at.isoformat() if row.attempted_at else None,
        "next_at": row.next_at.isoformat() if row.next_at else None,
    }
