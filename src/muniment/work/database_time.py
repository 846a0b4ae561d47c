"""The database's own clock, as expressions: no lease depends on the clock of a worker."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.models import DateTimeField, DurationField, Expression, ExpressionWrapper, Value
from django.db.models.functions import Now


def from_now(seconds: float) -> Expression:
    """Return the instant `seconds` from now, to be used in a query."""
    if seconds == 0:
        return Now()
    span = Value(timedelta(seconds=seconds), output_field=DurationField())
    return ExpressionWrapper(Now() + span, output_field=DateTimeField())


def now_sql() -> str:
    """Return the SQL of now; for statements that the ORM cannot say."""
    if connection.vendor == "postgresql":
        return "STATEMENT_TIMESTAMP()"
    return "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW')"


def from_now_sql() -> str:
    """Return the SQL of now and one parameter, in seconds."""
    if connection.vendor == "postgresql":
        return "STATEMENT_TIMESTAMP() + make_interval(secs => %s)"
    return "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW', %s || ' seconds')"
