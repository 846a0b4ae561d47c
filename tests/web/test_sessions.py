"""Sessions: listed, ended, and what was written when one ended is kept; rights as they are now."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from muniment.administration.models import SignedIn, User
from muniment.administration.services.users import set_groups
from muniment.catalogue.models import IntellectualEntity
from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import SystemClock
from tests.web.test_sign_in import PASSWORD, ada, open_archive, sign_in

__all__ = ["ada", "open_archive"]
TEXT = "/objects/00000000-0000-7000-8000-000000000000/tags"


@pytest.fixture
def two(ada: User) -> tuple[Client, Client]:
    """The same user in two browsers."""
    here, there = Client(headers={"user-agent": "Here/1"}), Client(headers={"user-agent": "There"})
    sign_in(here)
    sign_in(there)
    return here, there


def is_in(client: Client) -> bool:
    return client.get("/dashboard/").status_code == 200


def test_one_sees_where_one_is_signed_in(two: tuple[Client, Client]) -> None:
    page = two[0].get("/me/").content.decode()
    assert "Here/1" in page
    assert "There" in page
    assert "127.0.0.1" in page
    assert str(two[1].session.session_key) not in page


def test_one_of_them_is_ended(two: tuple[Client, Client]) -> None:
    here, there = two
    row = SignedIn.objects.get(session_key=there.session.session_key)
    here.post("/me/sessions/end", {"session": f"browser-{row.pk}"})
    assert (is_in(here), is_in(there)) == (True, False)


def test_nobody_ends_a_session_of_others(two: tuple[Client, Client], ada: User) -> None:
    other = User.objects.create_user("bob")
    row = SignedIn.objects.create(user=other, session_key="x", at=SystemClock().now())
    assert two[0].post("/me/sessions/end", {"session": f"browser-{row.pk}"}).status_code == 404
    assert SignedIn.objects.filter(pk=row.pk).exists()


def test_all_but_this_one_end(two: tuple[Client, Client], ada: User) -> None:
    here, there = two
    unnoted = Client()
    unnoted.force_login(ada)
    here.post("/me/sessions/end")
    assert [is_in(each) for each in (here, there, unnoted)] == [True, False, False]
    assert SignedIn.objects.count() == 1


def test_a_new_password_ends_the_others(two: tuple[Client, Client]) -> None:
    here, there = two
    here.post("/me/password", {"present": PASSWORD, "new": "another harbour 1908"})
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_session_gets_another_key_when_one_signs_in(ada: User, client: Client) -> None:
    client.post(TEXT, {"add": "x"})
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(
    two: tuple[Client, Client], ada: User
) -> None:
    here, _ = two
    assert here.get("/submissions/new").status_code == 200
    set_groups(ada, [], actor=SYSTEM, clock=SystemClock())
    answer = here.post("/submissions/new", {"path": "/srv/x"})
    assert answer.status_code == 403
    assert "Ask an administrator" in answer.content.decode()


def test_what_was_written_is_kept_when_the_session_ended(ada: User, client: Client) -> None:
    answer = client.post(TEXT, {"text": "line one\nline <two>", "tag": "é"})
    assert answer["Location"] == "/login/?next=%2Fkept%2F"
    sign_in(client, next="/kept/")
    page = client.get("/kept/").content.decode()
    assert "line &lt;two&gt;" in page
    assert not client.session.get_expire_at_browser_close()
    assert client.session.get_expiry_age() > 3600
    sent = client.post("/kept/", {"text": "line one\nline <two>", "tag": "é"})
    assert sent.status_code == 307, "the browser sends the same fields on"
    assert client.get("/kept/")["Location"] == "/", "and it is kept no longer"


def test_it_can_be_thrown_away(ada: User, client: Client) -> None:
    client.post(TEXT, {"add": "maps"})
    sign_in(client)
    client.post("/kept/", {"kept_drop": "1"})
    assert client.get("/kept/").status_code == 302


@pytest.mark.parametrize("name", ["password", "present", "new", "code"])
def test_secrets_are_not_kept(name: str, ada: User, client: Client) -> None:
    answer = client.post("/me/password", {name: "quiet harbour", "more": "x"})
    assert "kept" not in answer["Location"]
    assert not client.session.keys()


@pytest.mark.parametrize("body", [{"text": "x" * 200_001}, {f"f{n}": "" for n in range(1001)}, {}])
def test_nothing_huge_and_nothing_empty_is_kept(
    body: dict[str, str], ada: User, client: Client
) -> None:
    assert client.post(TEXT, body).status_code in {302, 400}
    assert not client.session.keys()


def test_a_form_of_another_site_is_not_kept(ada: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(TEXT, {"add": "x"}).status_code == 403
    assert not strict.session.keys()


def test_the_kept_form_is_sent_by_a_real_post(ada: User, client: Client) -> None:
    """The 307 leads to the form's own address, which checks rights and token again."""
    client.post(TEXT, {"add": "maps"})
    sign_in(client)
    form = re.search(r'name="add" value="maps"', client.get("/kept/").content.decode())
    assert form is not None
    sent = client.post("/kept/", {"add": "maps"})
    assert client.post(sent["Location"], {"add": "maps"}).status_code == 404
    assert not IntellectualEntity.objects.exists()
