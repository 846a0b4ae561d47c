"""The claim: one statement that takes the next job that may run (execution spec §3.3).

Priority first, then age; limits and pauses are looked at in the same transaction, so two workers
never overrun one.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import connection, transaction

from muniment.runtime.failpoints import failpoint
from muniment.work.changes import note_change
from muniment.work.database_time import from_now_sql, now_sql
from muniment.work.models import Job
from muniment.work.types import JobState

_CLAIM = """
WITH blocked AS MATERIALIZED (
    SELECT l.dimension, l.name FROM work_limit l
    WHERE l.is_paused OR l.max_running <= (
        SELECT COUNT(*) FROM work_job r
        WHERE r.state = 'running' AND l.name = CASE l.dimension
            WHEN 'queue' THEN r.queue WHEN 'group' THEN r."group" ELSE r.kind END))
UPDATE work_job SET state = 'running', lease_owner = %s, lease_token = %s, lease_until = {until},
    heartbeat_at = {now}, started_at = {now}, attempts = attempts + 1
WHERE id = (
    SELECT j.id FROM work_job j
    WHERE j.state = 'queued' AND j.run_after <= {now} AND j.kind IN ({kinds}){queues}
      AND j.queue NOT IN (SELECT name FROM blocked WHERE dimension = 'queue')
      AND j."group" NOT IN (SELECT name FROM blocked WHERE dimension = 'group')
      AND j.kind NOT IN (SELECT name FROM blocked WHERE dimension = 'kind')
    ORDER BY j.priority DESC, j.id LIMIT 1{skip})
RETURNING *
"""  # the places are filled with %s and fixed words below, never with values


def claim(
    owner: str, *, kinds: Collection[str], queues: Collection[str] = (), lease_s: float = 60.0
) -> Job | None:
    """Take the next due job of these kinds (and queues; none = any), or None.

    The job is running under a new token for `lease_s`, and its attempt is counted.
    """
    if not kinds:
        return None
    on_server = connection.vendor == "postgresql"
    statement = _CLAIM.format(
        now=now_sql(),
        until=from_now_sql(),
        kinds=", ".join(["%s"] * len(kinds)),
        queues=f" AND j.queue IN ({', '.join(['%s'] * len(queues))})" if queues else "",
        skip=" FOR UPDATE SKIP LOCKED" if on_server else "",
    )
    token = uuid.uuid4()
    values = [owner, token if on_server else token.hex, lease_s, *kinds, *queues]
    with transaction.atomic():
        if on_server:
            _wait_for_other_claims_under_limits()
        job = next(iter(Job.objects.raw(statement, values)), None)
        if job is None:
            return None
        note_change(job.pk, JobState.RUNNING, attempt=job.attempts, by=owner)
        failpoint("work.claiming")
    failpoint("work.claimed")
    return job


def _wait_for_other_claims_under_limits() -> None:
    """Let one claim at a time count under limits: the next one must see what this one started.

    Without limits no row is locked and claims run side by side. (SQLite has one writer anyway.)
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM work_limit WHERE max_running IS NOT NULL ORDER BY id FOR UPDATE"
        )
        cursor.fetchall()
