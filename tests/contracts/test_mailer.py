"""Every `Mailer` keeps the promises of the port: a real SMTP server, and memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from muniment.connectors.mail import Letter, LetterRefused, Mailer
from muniment.connectors.mail.adapters.memory import MemoryMailer, NoMailer
from muniment.connectors.mail.adapters.smtp import SmtpMailer, SmtpServer
from muniment.runtime.errors import Misconfigured, PartnerDown
from tests.servers.mail import MailServer, a_mail_server
from tests.servers.web import a_dead_port, an_identity, trusting

Came = Callable[[], list[tuple[str, str, str]]]
LETTER = Letter("ada@example.org", "Hello é", "Line one.\nLigne deux: œuvre.\n")


@contextmanager
def memory() -> Iterator[tuple[Mailer, Came]]:
    mailer = MemoryMailer()
    yield mailer, lambda: [(each.to, each.subject, each.text) for each in mailer.sent]


@contextmanager
def smtp() -> Iterator[tuple[Mailer, Came]]:
    with a_mail_server() as server:
        yield plain(server), lambda: [read(server, n) for n in range(len(server.letters))]


def plain(server: MailServer) -> SmtpMailer:
    return SmtpMailer(SmtpServer("127.0.0.1", server.port, "none"), "archive@example.org")


def read(server: MailServer, number: int) -> tuple[str, str, str]:
    from email.header import decode_header, make_header

    letter = server.letters[number]
    text = letter.get_payload(decode=True)
    assert isinstance(text, bytes)
    subject = str(make_header(decode_header(str(letter["Subject"]))))
    return str(letter["To"]), subject, text.decode().replace("\r\n", "\n")


every_mailer = pytest.mark.parametrize(
    "open_mailer", [pytest.param(each, id=each.__name__) for each in (memory, smtp)]
)
Open = Callable[[], AbstractContextManager[tuple[Mailer, Came]]]


@every_mailer
def test_a_letter_arrives_as_it_was_written(open_mailer: Open) -> None:
    with open_mailer() as (mailer, came):
        assert mailer.is_set_up
        mailer.send(LETTER)
        assert came() == [(LETTER.to, LETTER.subject, LETTER.text)]


@pytest.mark.parametrize("line", ["", " ", "a\r\nBcc: all@example.org", "a\nb", "a\x00b"])
def test_no_line_of_a_letter_can_begin_another(line: str) -> None:
    with pytest.raises(LetterRefused):
        Letter(line, "subject", "text")
    with pytest.raises(LetterRefused):
        Letter("ada@example.org", line, "text")


def test_an_archive_without_a_server_says_which_setting_lacks() -> None:
    assert not NoMailer.is_set_up
    with pytest.raises(Misconfigured, match="smtp_host"):
        NoMailer().send(LETTER)


@pytest.mark.parametrize(
    ("answer", "error"),
    [("550 no such box", LetterRefused), ("451 later", PartnerDown), ("554 spam", LetterRefused)],
)
def test_never_and_later_are_told_apart(answer: str, error: type[Exception]) -> None:
    with a_mail_server() as server:
        server.refusal = answer
        with pytest.raises(error):
            plain(server).send(LETTER)


def test_a_server_that_is_away_is_tried_later() -> None:
    mailer = SmtpMailer(SmtpServer("127.0.0.1", a_dead_port(), "none"), "a@example.org")
    with pytest.raises(PartnerDown):
        mailer.send(LETTER)


def test_the_way_is_encrypted_and_the_name_is_shown(tmp_path: Path) -> None:
    identity = an_identity(tmp_path, "localhost")
    with a_mail_server(identity, password="let me in") as server:
        at = SmtpServer("localhost", server.port, "starttls", "archive", "let me in")
        SmtpMailer(at, "archive@example.org", trust=trusting(identity)).send(LETTER)
        assert len(server.letters) == 1


def test_a_wrong_password_is_for_the_operator(tmp_path: Path) -> None:
    identity = an_identity(tmp_path, "localhost")
    with a_mail_server(identity, password="let me in") as server:
        at = SmtpServer("localhost", server.port, "starttls", "archive", "wrong")
        with pytest.raises(Misconfigured):
            SmtpMailer(at, "archive@example.org", trust=trusting(identity)).send(LETTER)


def test_nothing_goes_to_a_server_whose_certificate_is_not_trusted(tmp_path: Path) -> None:
    with a_mail_server(an_identity(tmp_path, "localhost")) as server:
        at = SmtpServer("localhost", server.port, "starttls")
        with pytest.raises(PartnerDown):
            SmtpMailer(at, "archive@example.org").send(LETTER)
        assert server.letters == []


def test_nothing_goes_unencrypted_where_encryption_is_asked_for() -> None:
    with a_mail_server() as server:
        at = SmtpServer("127.0.0.1", server.port, "starttls")
        with pytest.raises(Misconfigured):
            SmtpMailer(at, "archive@example.org").send(LETTER)
        assert server.letters == []
