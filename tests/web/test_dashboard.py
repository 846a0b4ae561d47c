"""The dashboard: plots that are tables too, numbers that the API gives as well."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from muniment.administration.models import User
from muniment.catalogue.models import IntellectualEntity
from muniment.catalogue.queries.statistics import Holding
from muniment.runtime.actor import Role
from muniment.web.dashboard import sums
from muniment.web.plots import columns_plot
from muniment.work import outbox
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import a_bag, a_folder
from tests.site.conftest import Caller, SignIn, archivist, open_archive, sign_in

pytestmark = pytest.mark.slow

__all__ = ["archivist", "open_archive", "sign_in"]


def window(caller: Caller) -> Client:
    client = Client()
    client.force_login(caller.user)
    return client


@pytest.fixture
def filled(open_archive: OpenArchive, archivist: Caller, tmp_path: Path) -> IntellectualEntity:
    """An archive with an object and a refused package."""
    open_archive.hand_in(a_folder(tmp_path / "letters"), archivist.user.actor)
    bad = a_bag(tmp_path / "bad")
    (bad / "data" / "empty.txt").unlink()
    open_archive.hand_in(bad, User.objects.get().actor)
    outbox.drain()
    return IntellectualEntity.objects.get()


def test_an_empty_archive_has_an_empty_dashboard(archivist: Caller) -> None:
    page = window(archivist).get("/dashboard/").content.decode()
    assert "<svg" not in page
    assert "Hand in a first package" in page


def test_every_plot_is_a_table_too(filled: IntellectualEntity, archivist: Caller) -> None:
    page = window(archivist).get("/dashboard/").content.decode()
    day = f"{filled.created_at:%Y-%m-%d}"
    assert f"<title>{day}: 1</title>" in page
    assert re.search(rf"<td>{day}</td><td class=\"number\">1</td>", page)
    assert "style=" not in page


def test_an_older_archive_is_shown_by_month(filled: IntellectualEntity, archivist: Caller) -> None:
    IntellectualEntity.objects.update(created_at="2024-11-05T10:00:00+00:00")
    page = window(archivist).get("/dashboard/").content.decode()
    assert "End of the month" in page
    assert "<title>2024-11: 1</title>" in page


def test_a_refusal_is_an_alarm(filled: IntellectualEntity, archivist: Caller) -> None:
    page = window(archivist).get("/dashboard/").content.decode()
    assert "1 package was refused or failed in the last seven days." in page


def test_statistics_tell_what_the_dashboard_shows(
    filled: IntellectualEntity, archivist: Caller
) -> None:
    found = archivist.get("statistics").json()
    assert (found["objects"], found["files"]) == (1, filled.file_count)
    month = f"{filled.created_at:%Y-%m}"
    assert found["by_month"] == [
        {"name": month, "objects": 1, "files": filled.file_count, "size_bytes": filled.size_bytes}
    ]
    assert [each["name"] for each in found["by_source"]] == ["local"]
    assert sum(each["objects"] for each in found["by_size"]) == 1
    assert found["submissions"] == {"accepted": 1, "refused": 1}
    assert found["failures"] == [{"month": month, "verdict": "refused", "submissions": 1}]
    assert found["jobs"] == {"succeeded": 2}


def test_a_depositor_counts_only_what_is_theirs(
    filled: IntellectualEntity, sign_in: SignIn
) -> None:
    found = sign_in(Role.DEPOSITOR).get("statistics").json()
    assert (found["objects"], found["by_month"], found["submissions"]) == (0, [], {})


def queries_of(caller: Caller) -> list[int]:
    found, client = [], window(caller)
    for ask in (lambda: caller.get("statistics"), lambda: client.get("/dashboard/")):
        with CaptureQueriesContext(connection) as context:
            assert ask().status_code == 200
        found.append(len(context))
    return found


def test_thirty_objects_cost_no_more_queries_than_one(
    filled: IntellectualEntity, archivist: Caller
) -> None:
    queries_of(archivist)  # the first use of a token is noted
    before = queries_of(archivist)
    row = IntellectualEntity.objects.get()
    for number in range(30):
        row.pk, row.object_id = None, UUID(int=number)
        row.save(force_insert=True)
    assert queries_of(archivist) == before
    assert max(before) < 30


@given(st.lists(st.tuples(st.text(max_size=10), st.integers(0, 2**60)), max_size=60), st.booleans())
def test_a_plot_stays_in_its_frame(values: list[tuple[str, int]], is_bytes: bool) -> None:
    plot = columns_plot(values, is_bytes=is_bytes)
    assert [(each.name, each.value) for each in plot.columns] == values
    for each in plot.columns:
        assert 0 <= each.y <= plot.base
        assert each.y + each.height <= plot.base + 0.2
        assert plot.left <= each.x <= plot.width - each.width + 0.2
        assert each.height > 0 or not each.value
    assert sum(bool(each.label) for each in plot.columns) <= 7


def test_holdings_are_sums_of_what_came() -> None:
    first = date(2024, 1, 30)
    names = [(first + timedelta(days=n)).isoformat() for n in range(4)]
    came = [Holding(names[0], 1, 2, 3), Holding(names[2], 10, 20, 30)]
    assert [each.objects for each in sums(came, names)] == [1, 1, 11, 11]
