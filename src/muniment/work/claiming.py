"""The claim: one statement that takes the next job that may run (execution spec §3.3).

Priority first, then age; limits and pauses are looked at in the same transaction, so two workers
never overrun one. Written in SQL, for this is the hot path: the ORM spends more on building the
statement than the database on running it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection

from django.db import connection, transaction

from muniment.runtime.failpoints import failpoint
from muniment.work.changes import Note, Row, change_and_note
from muniment.work.database_time import from_now_sql, now_sql
from muniment.work.types import Claimed, JobState, Lease

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
    SELECT j.id FROM work_job j {index}
    WHERE j.state = 'queued' AND j.run_after <= {now} AND j.kind IN ({kinds}){queues}
      AND j.queue NOT IN (SELECT name FROM blocked WHERE dimension = 'queue')
      AND j."group" NOT IN (SELECT name FROM blocked WHERE dimension = 'group')
      AND j.kind NOT IN (SELECT name FROM blocked WHERE dimension = 'kind')
    ORDER BY j.priority DESC, j.id LIMIT 1{skip})
RETURNING id, attempts AS attempt, kind, arguments, arguments_version, decision, max_attempts,
    asked_by
"""  # the places are filled with %s and fixed words below, never with values


def claim(
    owner: str, *, kinds: Collection[str], queues: Collection[str] = (), lease_s: float = 60.0
) -> Claimed | None:
    """Take the next due job of these kinds (and queues; none = any), or None.

    The job is running under a new token for `lease_s`, and its attempt is counted.
    """
    if not kinds:
        return None
    if connection.vendor != "postgresql" or not _has_limits():
        claimed = _claim(owner, kinds, queues, lease_s)
    else:
        with transaction.atomic():
            _has_limits()  # again: now the rows stay locked until this claim can be seen
            claimed = _claim(owner, kinds, queues, lease_s)
            failpoint("work.claiming-under-limits")
    failpoint("work.claimed")
    return claimed


def _has_limits() -> bool:
    """Say whether claims must be counted; in a transaction, one claim at a time goes on from here.

    Without limits no row is locked and claims run side by side. (SQLite has one writer anyway.)
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM work_limit WHERE max_running IS NOT NULL ORDER BY id FOR UPDATE"
        )
        return bool(cursor.fetchall())


def _claim(
    owner: str, kinds: Collection[str], queues: Collection[str], lease_s: float
) -> Claimed | None:
    token = uuid.uuid4()
    values = [owner, token_value(token), lease_s, *kinds, *queues]
    row = change_and_note(
        _statement(len(kinds), len(queues)),
        values,
        Note(JobState.RUNNING, owner),
        failpoint_name="work.claiming",
    )
    return None if row is None else _claimed(row, owner, token)


def token_value(token: uuid.UUID) -> str | uuid.UUID:
    """Return the token as a parameter of a statement: SQLite keeps it as 32 hex digits."""
    return token if connection.vendor == "postgresql" else token.hex


def _statement(kinds: int, queues: int) -> str:
    on_server = connection.vendor == "postgresql"
    # SQLite keeps no statistics of its own accord, and without them sorts the whole queue.
    index = "job_claim_queue" if queues == 1 else "job_claim"
    return _CLAIM.format(
        now=now_sql(),
        until=from_now_sql(),
        index="" if on_server else f"INDEXED BY {index}",
        kinds=", ".join(["%s"] * kinds),
        queues=f" AND j.queue IN ({', '.join(['%s'] * queues)})" if queues else "",
        skip=" FOR UPDATE SKIP LOCKED" if on_server else "",
    )


def _claimed(row: Row, owner: str, token: uuid.UUID) -> Claimed:
    number, attempt, kind, arguments, version, decision, max_attempts, asked_by = row
    return Claimed(
        lease=Lease(int(str(number)), token, owner, int(str(attempt))),
        kind=str(kind),
        arguments=json.loads(str(arguments)),
        arguments_version=int(str(version)),
        decision=json.loads(str(decision)),
        max_attempts=int(str(max_attempts)),
        asked_by=str(asked_by),
    )
