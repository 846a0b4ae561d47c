"""Signing in over the API: a pair that lives for minutes, is renewed, ends; guessing gets slow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from muniment.administration import totp
from muniment.administration.models import AuditEntry, TokenPair, User
from muniment.administration.services import passwords, second_factor, sessions, users
from muniment.administration.services.attempts import FREE
from muniment.administration.services.passwords import reset_token
from muniment.administration.services.signing_in import WaysIn
from muniment.administration.services.token_pairs import ACCESS_LIFE, REFRESH_LIFE
from muniment.administration.services.users import NewUser, add_user, ensure_first_groups
from muniment.connectors.mail import Mailer
from muniment.connectors.mail.adapters.memory import MemoryMailer, NoMailer
from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import Clock, FakeClock
from muniment.runtime.registry import adapter_of, provide, withdraw
from muniment.runtime.secret_box import SecretBox
from muniment.work.models import Job
from tests.ingest.open_archive import OpenArchive
from tests.site.conftest import bearer

PASSWORD, NEW = "quiet harbour 1907", "another harbour 1908"
Json = dict[str, Any]  # Any: JSON of any shape


@pytest.fixture
def clock(open_archive: OpenArchive) -> FakeClock:
    """The archive's time, which the test sets on."""
    del open_archive
    found = FakeClock(adapter_of(Clock).now())  # type: ignore[type-abstract]  # a port
    provide(Clock, found)  # type: ignore[type-abstract]  # likewise
    return found


@pytest.fixture
def ada(clock: FakeClock) -> User:
    ensure_first_groups()
    new = NewUser("ada", password=PASSWORD, groups=["archivists"], email="ada@example.org")
    return add_user(new, actor=SYSTEM, clock=clock)


def post(address: str, body: object, client: Client | None = None) -> Any:  # noqa: ANN401  # Django's test response
    sender = client or Client(raise_request_exception=False)
    return sender.post(f"/api/v1/auth/{address}", body, content_type="application/json")


def login(password: str = PASSWORD, **more: object) -> Any:  # noqa: ANN401  # likewise
    return post("login", {"username": "ada", "password": password, **more})


def a_pair(scopes: list[str] | None = None) -> Json:
    answer = login(scopes=scopes)
    assert answer.status_code == 200, answer.content
    found: Json = answer.json()
    return found


def status(access: str, address: str = "me") -> int:
    return bearer(access).get(f"/api/v1/{address}").status_code


@pytest.mark.usefixtures("ada")
def test_a_password_gives_a_pair_that_asks() -> None:
    pair = a_pair()
    assert pair["token_type"] == "Bearer"
    me = bearer(pair["access"]).get("/api/v1/me").json()
    assert (me["username"], me["scopes"]) == ("ada", None)
    assert status(pair["access"], "objects") == 200
    assert AuditEntry.objects.filter(action="sign-in", outcome="done").exists()


@pytest.mark.usefixtures("ada")
def test_only_digests_are_kept() -> None:
    pair, row = a_pair(), TokenPair.objects.get()
    kept = b"".join(bytes(each) for each in (row.access, row.refresh)) + row.stamp.encode()
    assert pair["access"].encode() not in kept
    assert pair["refresh"].encode() not in kept


@pytest.mark.usefixtures("ada")
def test_scopes_narrow_it() -> None:
    access = a_pair(scopes=["read"])["access"]
    assert status(access, "objects") == 200
    assert status(access, "jobs") == 403
    assert login(scopes=[]).status_code == 422
    assert login(scopes=["everything"]).status_code == 422


@pytest.mark.usefixtures("ada")
def test_it_asks_for_minutes_and_is_renewed_for_a_day(clock: FakeClock) -> None:
    pair = a_pair()
    clock.advance(ACCESS_LIFE.total_seconds())
    assert status(pair["access"]) == 401
    renewed = post("token/refresh", {"refresh": pair["refresh"]}).json()
    assert status(renewed["access"]) == 200
    clock.advance(REFRESH_LIFE.total_seconds())
    assert post("token/refresh", {"refresh": renewed["refresh"]}).status_code == 401


@pytest.mark.usefixtures("ada")
def test_renewing_ends_the_old_tokens_and_a_copy_ends_all() -> None:
    pair = a_pair()
    renewed = post("token/refresh", {"refresh": pair["refresh"]}).json()
    assert status(pair["access"]) == 401
    assert post("token/refresh", {"refresh": pair["refresh"]}).status_code == 401
    assert status(renewed["access"]) == 401
    assert post("token/refresh", {"refresh": renewed["refresh"]}).status_code == 401
    assert AuditEntry.objects.filter(action="token.pair.copied").exists()


@pytest.mark.usefixtures("ada")
def test_the_tokens_do_not_stand_for_each_other() -> None:
    pair = a_pair()
    assert status(pair["refresh"]) == 401
    assert post("token/refresh", {"refresh": pair["access"]}).status_code == 401


@pytest.mark.usefixtures("ada")
def test_signing_out_ends_the_pair_and_no_other() -> None:
    one, other = a_pair(), a_pair()
    assert post("logout", {}, bearer(one["access"])).status_code == 204
    assert status(one["access"]) == 401
    assert post("token/refresh", {"refresh": one["refresh"]}).status_code == 401
    assert status(other["access"]) == 200


@pytest.mark.usefixtures("ada")
def test_programs_stand_among_the_sessions_and_are_ended_there() -> None:
    one, other = a_pair(), a_pair()
    caller = bearer(other["access"])
    listed = caller.get("/api/v1/me/sessions?sort=name").json()["items"]
    assert [each["kind"] for each in listed] == ["program", "program"]
    assert all(each["address"] == "127.0.0.1" for each in listed)
    assert "number" in listed[0]
    gone = caller.delete(f"/api/v1/me/sessions/{listed[0]['name']}")
    assert gone.status_code == 204
    assert [status(one["access"]), status(other["access"])] == [401, 200]
    assert post("token/refresh", {"refresh": one["refresh"]}).status_code == 401
    assert caller.delete(f"/api/v1/me/sessions/{listed[0]['name']}").status_code == 404
    for name in ("program-x", "tape-1", "browser-", "program-99999999999999999999"):
        assert caller.delete(f"/api/v1/me/sessions/{name}").status_code == 404


def test_nobody_ends_a_program_of_others(ada: User, clock: FakeClock) -> None:
    pair = a_pair()
    other = add_user(NewUser("bob"), actor=SYSTEM, clock=clock)
    browser = Client()
    browser.force_login(other)
    name = f"program-{ada.token_pairs.get().pk}"
    page = browser.post("/me/sessions/end", {"session": name})
    assert page.status_code == 404
    assert status(pair["access"]) == 200


def test_ending_all_sessions_ends_programs(ada: User, clock: FakeClock) -> None:
    pair = a_pair()
    sessions.end_sessions(ada, actor=ada.actor, clock=clock)
    assert status(pair["access"]) == 401
    assert not TokenPair.objects.exists()


def test_the_page_lists_a_program_and_signs_it_out(ada: User) -> None:
    pair = a_pair()
    browser = Client()
    browser.force_login(ada)
    name = f"program-{ada.token_pairs.get().pk}"
    assert f'value="{name}"' in browser.get("/me/").content.decode()
    assert browser.post("/me/sessions/end", {"session": name}).status_code == 302
    assert status(pair["access"]) == 401


def test_a_session_is_signed_out_too(ada: User) -> None:
    browser = Client()
    browser.force_login(ada)
    assert post("logout", {}, browser).status_code == 204
    assert browser.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("how", ["sessions", "password", "left"])
def test_what_ends_sessions_ends_pairs(ada: User, clock: FakeClock, how: str) -> None:
    pair = a_pair()
    match how:
        case "sessions":
            sessions.end_sessions(ada, actor=SYSTEM, clock=clock)
        case "password":
            passwords.change_password(ada, present=PASSWORD, new=NEW, clock=clock)
        case "left":
            users.deactivate(ada, actor=SYSTEM, clock=clock)
    assert status(pair["access"]) == 401
    assert post("token/refresh", {"refresh": pair["refresh"]}).status_code == 401


def test_a_right_that_is_taken_away_is_gone_at_once(ada: User) -> None:
    access = a_pair()["access"]
    assert status(access, "jobs") == 200
    ada.groups.clear()
    assert status(access, "jobs") == 403


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_every_failure_has_the_same_words_and_guessing_gets_slow(name: str) -> None:
    body = {"username": name, "password": "guess"}
    answers = [post("login", body) for _ in range(FREE + 1)]
    assert {each.status_code for each in answers[:FREE]} == {401}
    assert len({each.json()["detail"] for each in answers[:FREE]}) == 1
    last = answers[-1]
    assert (last.status_code, last.json()["code"]) == (429, "rate-limited")
    assert int(last["Retry-After"]) >= 1


@pytest.mark.usefixtures("ada")
def test_pages_and_api_slow_a_guesser_down_together() -> None:
    form = {"username": "ada", "password": "guess"}
    for _ in range(FREE):
        Client().post("/login/", form)
    assert login().status_code == 429
    assert Client().post("/login/", form).content.count(b"Too many attempts") == 1


def test_a_second_factor_is_asked_for(ada: User, clock: FakeClock) -> None:
    box = adapter_of(SecretBox)
    secret = second_factor.begin_second_factor(ada, box=box)
    second_factor.confirm_second_factor(
        ada, totp.code_of(secret, totp.step_of(clock.now())), box=box, clock=clock
    )
    clock.advance(120)
    assert "code" in login().json()["detail"]
    assert login(code="000000").status_code == 401
    assert login(code=totp.code_of(secret, totp.step_of(clock.now()))).status_code == 200


def test_who_must_change_their_password_does_that_first(ada: User, clock: FakeClock) -> None:
    passwords.force_change(ada, actor=SYSTEM, clock=clock)
    answer = login()
    assert (answer.status_code, "/me/password" in answer.json()["detail"]) == (403, True)


@pytest.fixture
def _no_passwords() -> Iterator[None]:
    provide(WaysIn, WaysIn(by_password=False))
    yield
    withdraw(WaysIn)


@pytest.mark.usefixtures("ada", "_no_passwords")
def test_without_passwords_nobody_gets_in_by_one() -> None:
    assert login().status_code == 401


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "x",
        {"username": "ada"},
        {"username": "a\0", "password": "x"},
        {"username": "ada", "password": PASSWORD, "more": 1},
        {"username": "a" * 9999, "password": "x"},
        {"username": {"$ne": ""}, "password": []},
    ],
)
def test_a_hostile_body_is_told_what_is_wrong(body: object) -> None:
    answer = post("login", body)
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.usefixtures("ada")
def test_an_answer_with_secrets_is_not_kept() -> None:
    client = Client(headers={"idempotency-key": "k1"})
    assert post("login", {"username": "ada", "password": PASSWORD}, client).status_code == 400


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_a_letter_is_asked_for_with_one_answer_for_all(name: str) -> None:
    provide(Mailer, MemoryMailer())  # type: ignore[type-abstract]  # a port is a Protocol
    answer = post("password/forgotten", {"username": name})
    assert (answer.status_code, answer.content) == (202, b"")
    assert Job.objects.filter(kind="password-reset").count() == 1
    many = [post("password/forgotten", {"username": name}).status_code for _ in range(FREE + 1)]
    assert many[-1] == 429


@pytest.mark.usefixtures("ada")
def test_without_mail_it_says_whom_to_ask() -> None:
    provide(Mailer, NoMailer())  # type: ignore[type-abstract]  # a port is a Protocol
    answer = post("password/forgotten", {"username": "ada"})
    assert (answer.status_code, "administrator" in answer.json()["detail"]) == (409, True)


def test_the_secret_of_the_letter_sets_a_password_once(ada: User) -> None:
    pair, body = a_pair(), {"username": "ada", "token": reset_token(ada), "new": NEW}
    assert post("password/reset", body | {"new": "short"}).status_code == 422
    assert post("password/reset", body).status_code == 204
    assert status(pair["access"]) == 401
    assert login(NEW).status_code == 200
    again = post("password/reset", body | {"new": "third harbour 1909"})
    unknown = post("password/reset", body | {"username": "nobody"})
    assert (again.status_code, unknown.status_code) == (404, 404)
    assert again.json()["detail"] == unknown.json()["detail"]
