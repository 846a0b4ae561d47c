"""Signing in with a code, through the pages."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from muniment.administration import totp
from muniment.administration.models import SecondFactor, User
from muniment.administration.services.attempts import FREE
from muniment.administration.services.second_factor import (
    begin_second_factor,
    confirm_second_factor,
)
from muniment.runtime.clock import FakeClock
from muniment.runtime.registry import adapter_of
from muniment.runtime.secret_box import SecretBox
from tests.ingest.open_archive import OpenArchive
from tests.web.test_sign_in import PASSWORD, ada, open_archive, sign_in

__all__ = ["ada", "open_archive"]


@pytest.fixture
def codes(ada: User, open_archive: OpenArchive) -> list[str]:
    """The recovery codes of a user with a second factor."""
    long_ago = FakeClock()
    box = adapter_of(SecretBox)
    secret = begin_second_factor(ada, box=box)
    code = totp.code_of(secret, totp.step_of(long_ago.now()))
    return confirm_second_factor(ada, code, box=box, clock=long_ago)


def test_a_password_alone_opens_nothing(codes: list[str], client: Client) -> None:
    answer = client.post("/login/", {"username": "ada", "password": PASSWORD})
    assert answer["Location"] == "/login/code"
    assert client.get("/dashboard/").status_code == 302


def test_password_and_code_lead_where_one_wanted(codes: list[str], client: Client) -> None:
    sign_in(client, next="/objects?q=a")
    answer = client.post("/login/code", {"code": codes[0]})
    assert answer["Location"] == "/objects?q=a"
    assert client.get("/dashboard/").status_code == 200


@pytest.mark.django_db
def test_without_a_password_before_no_code_is_asked_for(client: Client) -> None:
    assert client.get("/login/code")["Location"] == "/login/"


def test_a_code_is_asked_for_minutes_only(codes: list[str], client: Client) -> None:
    sign_in(client)
    session = client.session
    number, _, then = session["sign_in_pending"]
    session["sign_in_pending"] = [number, 0, then]
    session.save()
    assert client.post("/login/code", {"code": codes[0]})["Location"] == "/login/"


def test_guessing_codes_is_slowed_down(codes: list[str], client: Client) -> None:
    sign_in(client)
    for number in range(FREE + 1):
        assert client.post("/login/code", {"code": f"{number:06}"}).status_code == 401
    page = client.post("/login/code", {"code": codes[0]}).content.decode()
    assert "Too many attempts" in page, "the right code has to wait as well"


def test_somebody_who_left_meanwhile_does_not_get_in(codes: list[str], client: Client) -> None:
    sign_in(client)
    User.objects.update(is_active=False)
    assert client.post("/login/code", {"code": codes[0]})["Location"] == "/login/"


def test_it_is_set_up_and_taken_away_in_pages(ada: User, client: Client) -> None:
    sign_in(client)
    client.post("/me/second-factor/begin")
    page = client.get("/me/second-factor").content.decode()
    assert "<svg" in page
    assert " style=" not in page
    text = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert text is not None
    assert client.post("/me/second-factor/confirm", {"code": "1"}).status_code == 422
    secret = base64.b32decode(text[1])
    code = totp.code_of(secret, totp.step_of(datetime.now(UTC)))
    shown = client.post("/me/second-factor/confirm", {"code": code})
    assert len(re.findall(r"<code>[0-9a-f]{6}-[0-9a-f]{6}</code>", shown.content.decode())) == 10
    assert text[1] not in client.get("/me/second-factor").content.decode()
    assert client.post("/me/second-factor/remove", {"present": "wrong"}).status_code == 422
    assert client.post("/me/second-factor/remove", {"present": PASSWORD}).status_code == 302
    assert "You have no second factor" in client.get("/me/").content.decode()


def test_what_was_only_begun_is_dropped_without_a_password(ada: User, client: Client) -> None:
    client.force_login(ada)
    begun = client.post("/me/second-factor/begin", follow=True).content.decode()
    assert 'action="/me/second-factor/drop"' in begun
    dropped = client.post("/me/second-factor/drop", follow=True).content.decode()
    assert 'action="/me/second-factor/begin"' in dropped
    assert not SecondFactor.objects.exists()
    assert client.post("/me/second-factor/drop").status_code == 302


def test_dropping_leaves_one_that_is_in_force(codes: list[str], ada: User, client: Client) -> None:
    client.force_login(ada)
    client.post("/me/second-factor/drop")
    assert SecondFactor.objects.get().confirmed_at is not None
