"""The history of a job: one row for each change of state, in the transaction of the change.

In SQL, for it is part of every claim and every settlement: the ORM spends more on building the
statement than the database on running it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from muniment.runtime.failpoints import failpoint
from muniment.work.database_time import now_sql
from muniment.work.types import JobState

SqlValue = str | int | float | datetime | uuid.UUID | None
Row = tuple[object, ...]

_NOTE = 'INSERT INTO work_jobchange (job_id, at, state, attempt, "by", note)'


@dataclass(frozen=True, slots=True)
class Note:
    """One row of the history."""

    state: JobState
    by: str
    text: str = ""


def note_change(job_id: int, note: Note, *, attempt: int) -> None:
    """Write that the job came into a state; the caller's transaction holds the change itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_NOTE} VALUES (%s, {now_sql()}, %s, %s, %s, %s)",  # fixed words
            [job_id, note.state.value, attempt, note.by, note.text],
        )


def change_and_note(
    update: str, values: Sequence[SqlValue], note: Note, *, failpoint_name: str
) -> Row | None:
    """Run an UPDATE of one job and write its history row, both or neither.

    The statement returns the job's number and attempt first. Returns its row; None, and nothing is
    written, when it changed nothing. PostgreSQL does it in one statement and one round trip.
    """
    if connection.vendor == "postgresql":
        statement = (
            f"WITH changed AS ({update}), noted AS ({_NOTE} SELECT id, {now_sql()}, %s, attempt,"  # noqa: S608  # fixed words
            " %s, %s FROM changed) SELECT * FROM changed"
        )
        return _first_row(statement, [*values, note.state.value, note.by, note.text])
    with transaction.atomic():
        row = _first_row(update, values)
        if row is not None:
            note_change(int(str(row[0])), note, attempt=int(str(row[1])))
            failpoint(failpoint_name)
        return row


def _first_row(statement: str, values: Sequence[SqlValue]) -> Row | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[Row] = cursor.fetchall()
    return rows[0] if rows else None
