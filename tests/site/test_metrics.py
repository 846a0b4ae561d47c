"""`/metrics` and the probes: who gets them, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from muniment.administration.types import SCOPES
from muniment.runtime.actor import Role
from muniment.runtime.settings import settings
from muniment.work import signs
from muniment.work.models import Job
from tests.ingest.open_archive import OpenArchive
from tests.site.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MUNIMENT_METRICS_PUBLIC", "true")
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_a_visitor_gets_no_metrics(open_archive: OpenArchive) -> None:
    assert Client().get("/metrics").status_code == 401


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMINISTRATOR, 200), (Role.AUDITOR, 200), (Role.ARCHIVIST, 403), (Role.DEPOSITOR, 403)],
)
def test_the_policy_says_who_gets_them(sign_in: SignIn, role: Role, status: int) -> None:
    assert sign_in(role).client.get("/metrics").status_code == status


def test_a_token_needs_the_scope_of_reading(sign_in: SignIn) -> None:
    good = sign_in(Role.AUDITOR, scopes=frozenset({"read"}), name="good").client
    bad = sign_in(Role.AUDITOR, scopes=SCOPES - {"read", "admin"}, name="bad").client
    assert (good.get("/metrics").status_code, bad.get("/metrics").status_code) == (200, 403)


def test_where_the_settings_say_so_everybody_gets_them(
    open_archive: OpenArchive, public: None
) -> None:
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")


def test_they_say_what_is_so_now(open_archive: OpenArchive, public: None) -> None:
    Job.objects.create(kind="prune", asked_by="ada")
    signs.give_sign()
    lines = Client().get("/metrics").content.decode().splitlines()
    assert 'muniment_jobs_current{state="queued",type="prune"} 1.0' in lines
    assert "muniment_workers_current 1.0" in lines
    names = {line.split("{")[0].split(" ")[0] for line in lines if not line.startswith("#")}
    assert {
        "muniment_build_info",
        "muniment_storage_free_bytes",
        "muniment_queue_oldest_seconds",
        "muniment_events_seq",
        "muniment_worker_sign_age_seconds",
    } <= names


def test_submissions_and_open_steps_are_counted(
    open_archive: OpenArchive, public: None, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("a")
    open_archive.submit(tmp_path / "a.txt")
    lines = Client().get("/metrics").content.decode().splitlines()
    assert 'muniment_archives_current{state="queued"} 1.0' in lines
    assert 'muniment_steps_current{state="ready",type="seal"} 1.0' in lines


def test_the_number_of_queries_does_not_grow(
    open_archive: OpenArchive,
    public: None,
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    for number in range(30):
        Job.objects.create(kind=f"kind-{number % 3}", asked_by="ada")
    with django_assert_num_queries(7):  # type: ignore[operator]  # pytest-django's own
        Client().get("/metrics")


def test_readyz_says_when_a_worker_was_last_seen(open_archive: OpenArchive) -> None:
    assert Client().get("/readyz").json()["workers"] == {"alive": 0, "last_heartbeat_at": None}
    signs.give_sign()
    said = Client().get("/readyz")
    assert said.status_code == 200
    assert said.json()["workers"]["alive"] == 1
    assert said.json()["workers"]["last_heartbeat_at"]
