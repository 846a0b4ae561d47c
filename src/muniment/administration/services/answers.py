"""Requests with an `Idempotency-Key`: done once, answered the same way for a day.

A claim is committed before the work begins, so that others see it; the answer is written in the
transaction of the work itself. A process that dies in between leaves a claim that lapses, and
nothing done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import orjson
from django.db import transaction

from muniment.administration.models import RequestAnswer
from muniment.runtime.answers import KeptAnswer
from muniment.runtime.clock import Clock
from muniment.runtime.errors import Conflict, InvalidArgument
from muniment.runtime.failpoints import failpoint

KEPT = timedelta(hours=24)
CLAIMED = timedelta(minutes=2)
"""Longer than any answer takes: long work is queued, not waited for."""

_REMOVED_AT_ONCE = 100


@dataclass(slots=True)
class _Attempt:
    claim: UUID
    known: KeptAnswer | None = None
    is_finished: bool = False

    def finished(self, answer: KeptAnswer) -> None:
        """See `Attempt`."""
        written = RequestAnswer.objects.filter(claim=self.claim, status__isnull=True).update(
            status=answer.status,
            body=orjson.loads(orjson.dumps(answer.body)),
            headers=dict(answer.headers),
        )
        if not written:
            raise Conflict("this took so long that the request was begun again; ask for its answer")
        self.is_finished = True
        failpoint("answer.written")


@dataclass(frozen=True, slots=True)
class DatabaseAnswers:
    """Implements `Answers` in the application's database."""

    clock: Clock

    @contextmanager
    def attempt(self, user: str, key: str, fingerprint: bytes) -> Iterator[_Attempt]:
        """See `Answers`."""
        attempt = self._begin(user, key, fingerprint)
        if attempt.known is not None:
            yield attempt
            return
        failpoint("answer.claimed")
        try:
            with transaction.atomic():
                yield attempt
                transaction.set_rollback(not attempt.is_finished)
        finally:
            if not attempt.is_finished:
                RequestAnswer.objects.filter(claim=attempt.claim, status__isnull=True).delete()

    def _begin(self, user: str, key: str, fingerprint: bytes) -> _Attempt:
        now, claim = self.clock.now(), uuid4()
        with transaction.atomic():
            old = RequestAnswer.objects.filter(claimed_at__lt=now - KEPT)
            RequestAnswer.objects.filter(pk__in=old.values("pk")[:_REMOVED_AT_ONCE]).delete()
            row, is_new = RequestAnswer.objects.select_for_update().get_or_create(
                user=user,
                key=key,
                defaults={"fingerprint": fingerprint, "claim": claim, "claimed_at": now},
            )
            if is_new:
                return _Attempt(claim)
            if row.claimed_at >= now - KEPT and bytes(row.fingerprint) != fingerprint:
                raise InvalidArgument("this Idempotency-Key was used for another request")
            if row.status is not None and row.claimed_at >= now - KEPT:
                return _Attempt(row.claim, KeptAnswer(row.status, row.body, row.headers))
            if row.status is None and row.claimed_at >= now - CLAIMED:
                raise Conflict("the same request is under way; ask again in a moment")
            row.fingerprint, row.claim, row.claimed_at = fingerprint, claim, now
            row.status, row.body, row.headers = None, None, {}
            row.save()
        return _Attempt(claim)
