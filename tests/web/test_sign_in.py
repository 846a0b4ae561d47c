"""Signing in: the same words for every failure, slower with each, and back to where one was."""

from __future__ import annotations

import pytest
from django.test import Client

from muniment.administration.models import AuditEntry, SignInAttempts, User
from muniment.administration.services.attempts import FREE, note_failure, waits_s
from muniment.administration.services.users import NewUser, add_user, ensure_first_groups
from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import FakeClock
from tests.ingest.conftest import open_archive
from tests.ingest.open_archive import OpenArchive

__all__ = ["open_archive"]
PASSWORD = "quiet harbour 1907"
WRONG = "User name and password do not belong together."


@pytest.fixture
def ada(open_archive: OpenArchive) -> User:
    ensure_first_groups()
    new = NewUser("ada", password=PASSWORD, groups=["archivists"])
    return add_user(new, actor=SYSTEM, clock=open_archive.clock)


def sign_in(client: Client, username: str = "ada", password: str = PASSWORD, **more: str) -> int:
    answer = client.post("/login/", {"username": username, "password": password, **more})
    return answer.status_code


def test_a_good_password_opens_the_dashboard(ada: User, client: Client) -> None:
    assert sign_in(client) == 302
    assert client.get("/dashboard/").status_code == 200


@pytest.mark.parametrize("place", ["/login/", "/login/?next=%00"])
def test_a_nul_is_told_and_breaks_nothing(ada: User, client: Client, place: str) -> None:
    answer = client.post(
        place, "username=a%00b&password=x", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400
    assert client.get("/objects?q=%00").status_code == 400


def test_signing_out_ends_the_session(ada: User, client: Client) -> None:
    sign_in(client)
    client.post("/logout/")
    assert client.get("/dashboard/")["Location"] == "/login/?next=%2Fdashboard%2F"


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_every_failure_has_the_same_words(
    name: str, password: str, ada: User, client: Client
) -> None:
    answer = client.post("/login/", {"username": name, "password": password})
    assert answer.status_code == 401
    assert WRONG in answer.content.decode()


def test_somebody_who_left_cannot_sign_in(ada: User, client: Client) -> None:
    User.objects.update(is_active=False)
    assert sign_in(client) == 401


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/objects?q=a", "/objects?q=a"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ],
)
def test_one_goes_on_only_on_this_site(wanted: str, led: str, ada: User, client: Client) -> None:
    answer = client.post("/login/", {"username": "ada", "password": PASSWORD, "next": wanted})
    assert answer["Location"] == led


def test_guessing_is_slowed_down(ada: User, client: Client) -> None:
    answers = [sign_in(client, password=f"guess {n}") for n in range(FREE + 1)]
    assert set(answers) == {401}
    assert sign_in(client) == 401, "the right password has to wait as well"
    assert "Too many attempts" in client.post("/login/", {"username": "ada"}).content.decode()


@pytest.mark.django_db
def test_the_wait_doubles_and_ends() -> None:
    clock, waits = FakeClock(), []
    for _ in range(FREE + 3):
        clock.advance(1000)
        note_failure("ada", "10.0.0.1", clock=clock)
        waits.append(waits_s("ada", "10.0.0.1", clock=clock))
    assert waits == [0.0] * (FREE - 1) + [2.0, 4.0, 8.0, 16.0]
    clock.advance(17)
    assert waits_s("ada", "10.0.0.1", clock=clock) == 0.0


@pytest.mark.django_db
def test_a_clock_that_was_set_back_locks_nobody_out() -> None:
    clock = FakeClock()
    for _ in range(FREE + 3):
        note_failure("ada", "10.0.0.1", clock=clock)
    clock.advance(-365 * 24 * 3600)
    assert waits_s("ada", "10.0.0.1", clock=clock) == 0.0


@pytest.mark.django_db
def test_half_a_day_later_all_is_forgotten() -> None:
    clock = FakeClock()
    for _ in range(FREE + 3):
        note_failure("ada", "10.0.0.1", clock=clock)
    clock.advance(13 * 3600)
    note_failure("ada", "10.0.0.1", clock=clock)
    assert set(SignInAttempts.objects.values_list("failures", flat=True)) == {1}


@pytest.mark.django_db
def test_other_names_from_one_address_are_slowed_down_too() -> None:
    clock = FakeClock()
    for number in range(FREE):
        note_failure(f"name {number}", "10.0.0.1", clock=clock)
    assert waits_s("another", "10.0.0.1", clock=clock) > 0
    assert waits_s("another", "10.0.0.2", clock=clock) == 0


def test_success_and_failure_are_in_the_audit_trail(ada: User, client: Client) -> None:
    sign_in(client, password="wrong")
    sign_in(client)
    told = AuditEntry.objects.filter(action="sign-in").order_by("number")
    assert list(told.values_list("thing", "outcome")) == [("ada", "refused"), ("ada", "done")]


def test_a_form_without_its_token_is_refused(ada: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/login/", {"username": "ada", "password": PASSWORD})
    assert answer.status_code == 403
    assert "Go back, reload it and send it again." in answer.content.decode()
