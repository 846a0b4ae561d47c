"""A forgotten password: the same answer for everybody, a letter for who exists, a link once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from muniment.administration.models import AuditEntry, User
from muniment.administration.services.attempts import FREE
from muniment.connectors.mail import Mailer
from muniment.connectors.mail.adapters.memory import MemoryMailer, NoMailer
from muniment.connectors.mail.adapters.smtp import SmtpMailer, SmtpServer
from muniment.runtime.registry import provide
from muniment.work.embedded import run_until
from muniment.work.models import Job
from tests.servers.mail import MailServer, a_mail_server
from tests.web.test_sign_in import PASSWORD, ada, open_archive, sign_in

__all__ = ["ada", "open_archive"]
NEW = "another harbour 1908"


@pytest.fixture
def server(ada: User) -> Iterator[MailServer]:
    """A real mail server, and a user with an address."""
    User.objects.update(email="ada@example.org")
    with a_mail_server() as found:
        mailer = SmtpMailer(SmtpServer("127.0.0.1", found.port, "none"), "archive@example.org")
        provide(Mailer, mailer)  # type: ignore[type-abstract]  # a port is a Protocol
        yield found


def ask(client: Client, name: str) -> str:
    return client.post("/password/forgotten", {"username": name}).content.decode()


def deliver() -> None:
    run_until(lambda: not Job.objects.filter(state__in=["queued", "running"]).exists())


def link_in(server: MailServer) -> str:
    text = server.letters[-1].get_payload(decode=True)
    assert isinstance(text, bytes)
    found = re.search(r"http://localhost:8000(/password/new/\S+)", text.decode())
    assert found is not None
    return found[1]


@pytest.mark.parametrize("name", ["ada", "ADA@example.org"])
def test_the_link_of_the_letter_sets_a_password(
    name: str, server: MailServer, client: Client
) -> None:
    ask(client, name)
    deliver()
    address = link_in(server)
    assert client.post(address, {"new": NEW})["Location"] == "/login/"
    assert sign_in(client, password=PASSWORD) == 401
    assert sign_in(client, password=NEW) == 302


def test_the_link_is_good_once(server: MailServer, client: Client) -> None:
    ask(client, "ada")
    deliver()
    address = link_in(server)
    client.post(address, {"new": NEW})
    assert client.get(address).status_code == 404
    assert client.post(address, {"new": "a third harbour 1909"}).status_code == 422
    assert User.objects.get().check_password(NEW)


def test_sessions_end_with_the_old_password(server: MailServer, client: Client) -> None:
    sign_in(client)
    ask(Client(), "ada")
    deliver()
    Client().post(link_in(server), {"new": NEW})
    assert client.get("/dashboard/").status_code == 302


def test_a_weak_password_leaves_the_link_good(server: MailServer, client: Client) -> None:
    ask(client, "ada")
    deliver()
    assert client.post(link_in(server), {"new": "short"}).status_code == 422
    assert client.get(link_in(server)).status_code == 200


def test_the_answer_does_not_tell_who_exists(server: MailServer, client: Client) -> None:
    token = re.compile(r'value="[^"]{64}"')
    answers = {token.sub("", ask(client, name)) for name in ("ada", "nobody", "x@example.org")}
    assert len(answers) == 1
    assert Job.objects.count() == 3, "the same work is queued for everybody"
    deliver()
    assert len(server.letters) == 1
    assert set(Job.objects.values_list("state", flat=True)) == {"succeeded"}
    assert {str(each) for each in Job.objects.values_list("result", flat=True)} == {"{}"}


def test_a_letter_in_the_language_of_who_asked(server: MailServer) -> None:
    ask(Client(headers={"accept-language": "fr"}), "ada")
    deliver()
    text = server.letters[0].get_payload(decode=True)
    assert "mot de passe" in text.decode()  # type: ignore[union-attr]  # one part of plain text


def test_the_token_is_in_no_table(server: MailServer, client: Client) -> None:
    ask(client, "ada")
    deliver()
    token = link_in(server).rpartition("/")[2]
    rows = str([*Job.objects.values(), *AuditEntry.objects.values()])
    assert token not in rows


def test_who_left_gets_no_letter(server: MailServer, client: Client) -> None:
    User.objects.update(is_active=False)
    ask(client, "ada")
    deliver()
    assert server.letters == []


def test_the_host_of_a_request_does_not_get_into_the_letter(
    server: MailServer, client: Client
) -> None:
    answer = client.post("/password/forgotten", {"username": "ada"}, headers={"host": "evil.org"})
    assert answer.status_code == 400
    client.post(
        "/password/forgotten", {"username": "ada"}, headers={"x-forwarded-host": "evil.org"}
    )
    deliver()
    assert link_in(server).startswith("/password/new/ada/")


def test_asking_again_and_again_is_slowed_down(server: MailServer, client: Client) -> None:
    for _ in range(FREE):
        ask(client, "ada")
    assert "Too many attempts" in ask(client, "ada")


@pytest.mark.parametrize("token", ["x", "c-" + "0" * 32, "%00", "a" * 3000])
def test_other_links_open_nothing(token: str, ada: User, client: Client) -> None:
    refusal = 400 if token == "%00" else 404  # U+0000 is refused before anyone is looked for
    for name in ("ada", "nobody"):
        assert client.get(f"/password/new/{name}/{token}").status_code == refusal


def test_without_a_mail_server_the_page_says_whom_to_ask(ada: User, client: Client) -> None:
    provide(Mailer, NoMailer())  # type: ignore[type-abstract]  # a port is a Protocol
    assert "Ask an administrator" in client.get("/password/forgotten").content.decode()
    assert "Ask an administrator" in ask(client, "ada")
    assert not Job.objects.exists()


def test_one_who_must_change_the_password_does_nothing_before(ada: User, client: Client) -> None:
    provide(Mailer, MemoryMailer())  # type: ignore[type-abstract]  # likewise
    User.objects.update(must_change_password=True)
    sign_in(client)
    assert client.get("/objects")["Location"] == "/me/password"
    assert client.get("/api/v1/objects").status_code == 403
    body = {"present": PASSWORD, "new": PASSWORD}
    assert client.post("/me/password", body).status_code == 422, "the same again is no change"
    assert client.post("/me/password", {"present": PASSWORD, "new": NEW}).status_code == 302
    assert client.get("/objects").status_code == 200
