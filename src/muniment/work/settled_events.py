"""Up to which number every domain event is known, so that whoever reads on behind one skips none.

On PostgreSQL numbers are given before transactions end: 6 may be there while 5 is still to come.
So a transaction that is about to take a number holds a lock until it ends, which names the last
number that was given before; readers stop at the oldest of these. On SQLite one writes after the
other, and numbers come in order.
"""

from __future__ import annotations

from django.db import connection

# The upper bits of the lock's key say whose it is, the lower 48 the number.
_OURS = 8
_BEGIN = """
    SELECT set_config('muniment.tells', 'yes', true),
           pg_advisory_xact_lock_shared((%s::bigint << 48) | last_value)
    FROM work_domainevent_id_seq
    WHERE coalesce(current_setting('muniment.tells', true), '') = ''
"""
_GIVEN = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM work_domainevent_id_seq"
_OLDEST_OPEN = """
    SELECT min(((classid::bigint & 65535) << 32) | objid::bigint)
    FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND (classid::bigint >> 16) = %s
      AND pid <> pg_backend_pid()
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def begin_telling() -> None:
    """Let readers stop before the numbers that this transaction is about to take.

    Once for a transaction: its first lock names the lowest number.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_BEGIN, [_OURS])


def settled_number() -> int | None:
    """Return the number up to which nothing is still to come; None: there is no need to ask.

    What was given is asked before who is open: a number that is taken in between lies behind both.
    """
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN)
        (given,) = cursor.fetchone() or (0,)
        cursor.execute(_OLDEST_OPEN, [_OURS])
        (oldest,) = cursor.fetchone() or (None,)
    return int(given) if oldest is None else min(int(given), int(oldest))
