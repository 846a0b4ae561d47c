"""Sessions that are over are removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from muniment.administration.models import SignedIn
from muniment.runtime.settings import Settings
from muniment.work.clearing import clears

_BATCH = 500


@clears("sessions")
def clear_sessions(_: Settings, now: datetime, check: Callable[[], None]) -> int:
    """Remove sessions that have expired, and what was noted of sessions that are gone."""
    removed = 0
    while keys := list(
        Session.objects.filter(expire_date__lt=now).values_list("session_key", flat=True)[:_BATCH]
    ):
        check()
        with transaction.atomic():
            SignedIn.objects.filter(session_key__in=keys).delete()
            Session.objects.filter(session_key__in=keys).delete()
        removed += len(keys)
    SignedIn.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return removed
