"""Schedules, settings and the design system in the page and over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from muniment.runtime.actor import SYSTEM, Role
from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of
from muniment.runtime.settings import Settings, settings
from muniment.runtime.settings_listing import Source, is_secret, shown_settings
from muniment.work import schedules
from muniment.work.models import Schedule
from muniment.work.schedule_editing import next_times
from tests.ingest.open_archive import OpenArchive
from tests.site.conftest import Caller, SignIn, open_archive, sign_in

__all__ = ["open_archive", "sign_in"]
EVIL = "<script>alert(1)</script>"
PLAN = {"cron": "0 3 * * *", "time_zone": "UTC", "kind": "fixity", "arguments": "{}", "do": "save"}


@pytest.fixture
def chief(sign_in: SignIn) -> Caller:
    """An administrator."""
    return sign_in(Role.ADMINISTRATOR)


@pytest.fixture
def browser(chief: Caller) -> Client:
    client = Client()
    client.force_login(chief.user)
    return client


@pytest.fixture
def nightly(open_archive: OpenArchive) -> Schedule:
    plan = schedules.Plan("nightly", "15 1 * * *", "fixity", {"scope": "due"})
    return schedules.add(plan, actor=SYSTEM, clock=open_archive.clock)


def test_the_next_times_follow_the_wall_clock() -> None:
    start = datetime(2026, 3, 27, 12, tzinfo=UTC)
    found = next_times("30 2 * * *", "Europe/Paris", after=start, count=3)
    assert [each.hour for each in found] == [1, 1, 0]  # summer time begins on the 29th


def test_a_schedule_is_made_after_looking_at_its_times(browser: Client) -> None:
    look = browser.post("/schedules/new", PLAN | {"name": "weekly", "do": "preview"})
    assert look.content.decode().count("<time") == 5
    assert not Schedule.objects.exists()
    made = browser.post("/schedules/new", PLAN | {"name": "weekly"})
    assert made["Location"] == "/schedules/weekly"
    assert "weekly" in browser.get("/schedules").content.decode()


@pytest.mark.parametrize("change", [
    {"cron": "61 * * * *"}, {"cron": "* * * *"}, {"cron": "0 0 31 2 *"}, {"time_zone": "Mars/Base"},
    {"kind": "no-such-kind"}, {"arguments": "{"}, {"arguments": "[]"}, {"name": "a b"},
    {"name": ""},
    {"name": "new"}, {"name": EVIL}, {"cron": EVIL}, {"cron": "0" * 200}, {"time_zone": "../etc"},
    {"cron": "\0"}, {"time_zone": "\0"},
])  # fmt: skip
def test_what_cannot_be_scheduled_is_told_and_kept(change: dict[str, str], browser: Client) -> None:
    answer = browser.post("/schedules/new", PLAN | {"name": "mine"} | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert EVIL not in page
    assert not Schedule.objects.exists()


@pytest.mark.parametrize("query", ["cron=61+*+*+*+*", "cron=", "cron=0+3+*+*+*&time_zone=x", ""])
def test_a_wrong_expression_is_told_while_one_writes(query: str, browser: Client) -> None:
    answer = browser.get(f"/schedules/preview?{query}")
    assert (answer.status_code, b"note--bad" in answer.content) == (200, True)


def test_of_two_editors_the_second_sees_the_conflict(browser: Client, nightly: Schedule) -> None:
    page = browser.get("/schedules/nightly").content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    address, first = "/schedules/nightly/change", PLAN | {"seen": seen, "cron": "1 1 * * *"}
    assert browser.post(address, first).status_code == 302
    second = browser.post(address, PLAN | {"seen": seen, "cron": "2 2 * * *"})
    assert second.status_code == 422
    assert 'value="2 2 * * *"' in second.content.decode()
    assert Schedule.objects.get().cron == "1 1 * * *"


def test_a_schedule_is_paused_resumed_and_removed(browser: Client, nightly: Schedule) -> None:
    browser.post("/schedules/nightly/pause", {"do": "pause"})
    assert not Schedule.objects.get().is_enabled
    assert "paused" in browser.get("/schedules").content.decode()
    browser.post("/schedules/nightly/pause", {"do": "resume"})
    row = Schedule.objects.get()
    assert row.is_enabled
    assert row.next_run_at > nightly.next_run_at or row.next_run_at == nightly.next_run_at
    browser.post("/schedules/nightly/remove")
    assert not Schedule.objects.exists()


def test_what_a_schedule_did_is_shown(browser: Client, chief: Caller, nightly: Schedule) -> None:
    Schedule.objects.update(next_run_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert schedules.fire_due() == 1
    job = Schedule.objects.get().last_job
    assert job is not None
    assert f"/jobs/{job.pk}" in browser.get("/schedules/nightly").content.decode()
    runs = chief.get("schedules/nightly/runs").json()["items"]
    assert [each["id"] for each in runs] == [job.pk]


def test_the_api_edits_with_if_match(chief: Caller) -> None:
    body = {"name": "mine", "cron": "0 3 * * *", "kind": "fixity", "arguments": {"scope": "due"}}
    made = chief.send("POST", "schedules", body)
    assert made.status_code == 201
    assert chief.send("POST", "schedules", body).status_code == 409
    change: dict[str, Any] = {"cron": "0 4 * * *", "is_enabled": False}
    assert chief.send("PATCH", "schedules/mine", change).status_code == 428
    tag = {"If-Match": made["ETag"]}
    changed = chief.send("PATCH", "schedules/mine", change, **tag)
    assert (changed.json()["cron"], changed.json()["is_enabled"]) == ("0 4 * * *", False)
    assert chief.send("PATCH", "schedules/mine", change, **tag).status_code == 412
    assert chief.send("DELETE", "schedules/mine", **tag).status_code == 412
    tag = {"If-Match": changed["ETag"]}
    assert chief.send("DELETE", "schedules/mine", **tag).status_code == 204
    times = chief.get("schedules/preview?cron=0+3+*+*+*").json()["times"]
    assert len(times) == 5
    assert chief.get("schedules/preview?cron=x").status_code == 422


def test_who_may_only_read_sees_no_form(sign_in: SignIn, nightly: Schedule) -> None:
    client = Client()
    client.force_login(sign_in(Role.ARCHIVIST).user)
    page = client.get("/schedules/nightly").content.decode()
    assert "every day at 01:15" in page
    assert 'action="/schedules/' not in page
    assert client.post("/schedules/nightly/remove").status_code == 403


def test_settings_are_shown_without_secrets(
    browser: Client, chief: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUNIMENT_SMTP_PASSWORD", "hidden-word")
    monkeypatch.setenv("MUNIMENT_SMTP_USER", "postman")
    settings.cache_clear()
    try:
        page = browser.get("/settings/").content.decode()
        rows = {each["name"]: each for each in chief.get("settings?limit=500").json()["items"]}
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert "hidden-word" not in page
    assert "hidden-word" not in str(rows)
    assert rows["smtp_password"] | {"description": ""} == {
        "name": "smtp_password", "value": None, "is_set": True, "is_secret": True,
        "source": "environment", "description": "",
    }  # fmt: skip
    assert rows["smtp_user"]["value"] == "postman"
    assert set(rows) == set(Settings.model_fields)


def test_a_setting_says_where_it_comes_from(open_archive: OpenArchive) -> None:
    home = adapter_of(ArchiveHome)
    found = {each.name: each.source for each in shown_settings(home)}
    assert found["tool_helpers"] in set(Source)
    assert is_secret("database")
    assert is_secret("sentry_dsn")
    assert not is_secret("smtp_user")


def test_only_an_administrator_sees_settings(sign_in: SignIn) -> None:
    client = Client()
    client.force_login(sign_in(Role.ARCHIVIST).user)
    assert client.get("/settings/").status_code == 403


def test_the_design_system_shows_every_component(browser: Client) -> None:
    page = browser.get("/styleguide/").content.decode()
    for part in ("note--bad", "tree__folder", "timeline__event", "difference--added", "<svg"):
        assert part in page
    assert "style=" not in page
