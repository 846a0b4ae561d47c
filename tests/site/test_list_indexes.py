"""Each filter of a long list is answered by way of an index, as the planner of SQLite says it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from muniment.administration.api.audit import AUDIT
from muniment.administration.models import AuditEntry, ThingKey
from muniment.ingest.api.submissions import SUBMISSIONS
from muniment.ingest.models import Submission
from muniment.runtime.http.lists import ListRules
from muniment.work.api import JOBS
from muniment.work.models import Job
from tests.ingest.open_archive import OpenArchive

TABLES: dict[str, tuple[QuerySet[Any], ListRules]] = {
    "jobs": (Job.objects.all(), JOBS),
    "submissions": (Submission.objects.all(), SUBMISSIONS),
    "audit": (AuditEntry.objects.alias(thing_key=ThingKey("thing")), AUDIT),
}
SAID = {
    "state": "failed",
    "verdict": "refused",
    "outcome": "failed",
    "dry_run": "true",
    "object_id": "00000000-0000-7000-8000-000000000000",
    "created_after": datetime(2026, 1, 1, tzinfo=UTC).isoformat(),
    "created_before": datetime(2020, 1, 1, tzinfo=UTC).isoformat(),
}
CASES = [(table, name) for table, (_, rules) in TABLES.items() for name in rules.filters]


def plan_of(table: str, name: str) -> str:
    rows, rules = TABLES[table]
    said = SAID.get(name, "something")
    found = rows.filter(rules.filters[name].conditions(name, said))
    columns, is_down = rules.order({name: said})
    ordered = found.order_by(*(f"-{each}" if is_down else each for each in columns))[:51]
    return str(ordered.explain())


def test_no_filter_reads_the_whole_table(open_archive: OpenArchive) -> None:
    assert open_archive
    if connection.vendor != "sqlite":
        pytest.skip("a planner that counts rows reads a small table whole")
    for table, name in CASES:
        plan = plan_of(table, name)
        assert "SEARCH" in plan, (table, name, plan)
        assert "INDEX" in plan, (table, name, plan)
        assert "SCAN" not in plan, (table, name, plan)
