"""The claim: one statement that takes the next job that may run (execution spec §3.3).

Priority first; then requesters take turns, and each one's oldest job is next. Limits and pauses are
looked at in the same transaction, so two workers never overrun one. Written in SQL, for this is the
hot path: the ORM spends more on building the statement than the database on running it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db import connection, transaction

from muniment.runtime.failpoints import failpoint
from muniment.work.changes import Note, Row, SqlValue, change_and_note
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
WHERE id = (SELECT j.id {may_run}{turn} ORDER BY j.priority DESC, j.asked_by, j.id LIMIT 1{skip})
RETURNING id, attempts AS attempt, kind, arguments, arguments_version, decision, max_attempts,
    asked_by, (
    SELECT n.asked_by FROM work_job n {index}
    WHERE n.state = 'queued' AND n.run_after <= {now} AND n.priority = work_job.priority
        AND n.asked_by > work_job.asked_by ORDER BY n.asked_by LIMIT 1) AS following
"""  # the places are filled with %s and fixed words below, never with values
_MAY_RUN = """FROM work_job j {index}
    WHERE j.state = 'queued' AND j.run_after <= {now} AND j.kind IN ({kinds}){queues}
      AND j.queue NOT IN (SELECT name FROM blocked WHERE dimension = 'queue')
      AND j."group" NOT IN (SELECT name FROM blocked WHERE dimension = 'group')
      AND j.kind NOT IN (SELECT name FROM blocked WHERE dimension = 'kind')"""
_TURN = """ AND j.asked_by >= %s AND j.priority = (
    SELECT j.priority {may_run} ORDER BY j.priority DESC LIMIT 1)"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a worker takes: jobs of these kinds and queues (none = any).

    `turn` is `Claimed.following` of the claim before: the name at which the round goes on.
    """

    kinds: Collection[str]
    queues: Collection[str] = ()
    turn: str = ""


def claim(owner: str, wanted: Wanted, *, lease_s: float = 60.0) -> Claimed | None:
    """Take the next due job that is wanted, or None.

    The job is running under a new token for `lease_s`, and its attempt is counted.
    """
    if not wanted.kinds:
        return None
    if connection.vendor != "postgresql" or not _has_limits():
        claimed = _claim_in_turn(owner, wanted, lease_s)
    else:
        with transaction.atomic():
            _has_limits()  # again: now the rows stay locked until this claim can be seen
            claimed = _claim_in_turn(owner, wanted, lease_s)
            failpoint("work.claiming-under-limits")
    failpoint("work.claimed")
    return claimed


def _claim_in_turn(owner: str, wanted: Wanted, lease_s: float) -> Claimed | None:
    """Claim from the requester whose turn it is on; when none is left there, begin a round."""
    claimed = _claim(owner, wanted, lease_s)
    if claimed is None and wanted.turn:
        claimed = _claim(owner, replace(wanted, turn=""), lease_s)
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


def _claim(owner: str, wanted: Wanted, lease_s: float) -> Claimed | None:
    token = uuid.uuid4()
    row = change_and_note(
        _statement(wanted),
        _values(owner, token, wanted, lease_s),
        Note(JobState.RUNNING, owner),
        failpoint_name="work.claiming",
    )
    return None if row is None else _claimed(row, owner, token)


def _values(owner: str, token: uuid.UUID, wanted: Wanted, lease_s: float) -> list[SqlValue]:
    may_run: list[SqlValue] = [*wanted.kinds, *wanted.queues]
    turn = [wanted.turn, *may_run] if wanted.turn else []
    return [owner, token_value(token), lease_s, *may_run, *turn]


def token_value(token: uuid.UUID) -> str | uuid.UUID:
    """Return the token as a parameter of a statement: SQLite keeps it as 32 hex digits."""
    return token if connection.vendor == "postgresql" else token.hex


def _statement(wanted: Wanted) -> str:
    on_server = connection.vendor == "postgresql"
    # SQLite keeps no statistics of its own accord, and without them sorts the whole queue.
    index = "" if on_server else "INDEXED BY job_claim"
    queues = ", ".join(["%s"] * len(wanted.queues))
    may_run = _MAY_RUN.format(
        now=now_sql(),
        index=index + "_queue" if index and len(wanted.queues) == 1 else index,
        kinds=", ".join(["%s"] * len(wanted.kinds)),
        queues=f" AND j.queue IN ({queues})" if queues else "",
    )
    return _CLAIM.format(
        now=now_sql(),
        until=from_now_sql(),
        may_run=may_run,
        turn=_TURN.format(may_run=may_run) if wanted.turn else "",
        skip=" FOR UPDATE SKIP LOCKED" if on_server else "",
        index=index,
    )


def _claimed(row: Row, owner: str, token: uuid.UUID) -> Claimed:
    number, attempt, kind, arguments, version, decision, max_attempts, asked_by, following = row
    return Claimed(
        lease=Lease(int(str(number)), token, owner, int(str(attempt))),
        kind=str(kind),
        arguments=json.loads(str(arguments)),
        arguments_version=int(str(version)),
        decision=json.loads(str(decision)),
        max_attempts=int(str(max_attempts)),
        asked_by=str(asked_by),
        following=str(following or ""),
    )
