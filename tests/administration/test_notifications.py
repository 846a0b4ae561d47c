"""People are told once, in the page and by mail, as each of them chose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from muniment.administration.inbox import choices_of, page_of_notifications, unread_of
from muniment.administration.kinds_of_notification import NotificationKind, register_kind
from muniment.administration.models import Notification, User
from muniment.administration.services import notifications
from muniment.administration.services.notifications import MAIL_JOB, News, choose, tell
from muniment.administration.services.users import NewUser, add_user
from muniment.connectors.mail import Mailer
from muniment.connectors.mail.adapters.smtp import SmtpMailer, SmtpServer
from muniment.runtime.actor import SYSTEM
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.registry import provide
from muniment.work.embedded import run_until
from muniment.work.models import Job
from muniment.work.types import JobState
from tests.ingest.conftest import open_archive
from tests.ingest.open_archive import OpenArchive
from tests.servers.mail import MailServer, a_mail_server

__all__ = ["open_archive"]
pytestmark = pytest.mark.django_db(transaction=True)
KIND = "lamp out"


@pytest.fixture
def ada(open_archive: OpenArchive) -> User:
    register_kind(NotificationKind(KIND, "a lamp goes out", "%(name)s went out."))
    return add_user(NewUser("ada", "ada@example.org"), actor=SYSTEM, clock=open_archive.clock)


@pytest.fixture
def post(open_archive: OpenArchive) -> Iterator[MailServer]:
    with a_mail_server() as server:
        mailer = SmtpMailer(SmtpServer("127.0.0.1", server.port, "none"), "m@example.org")
        provide(Mailer, mailer)  # type: ignore[type-abstract]  # a port is a Protocol
        yield server


def told(archive: OpenArchive, user: User, number: int = 1, name: str = "The north lamp") -> int:
    news = News(KIND, number, {"name": name}, "/lamps/1")
    return tell([user], news, actor=SYSTEM, clock=archive.clock)


def run_mail() -> None:
    open_jobs = Job.objects.filter(kind=MAIL_JOB, state=JobState.QUEUED.value)
    Job.objects.filter(kind=MAIL_JOB).update(run_after="2020-01-01T00:00:00Z")
    run_until(lambda: not open_jobs.exists())


def test_one_is_told_in_the_page(open_archive: OpenArchive, ada: User) -> None:
    assert told(open_archive, ada) == 1
    (row,) = page_of_notifications(ada, limit=10).rows
    assert (row.text, row.address, row.is_read) == ("The north lamp went out.", "/lamps/1", False)
    assert unread_of(ada) == 1
    assert Job.objects.filter(kind=MAIL_JOB).count() == 0


def test_telling_again_tells_nobody(open_archive: OpenArchive, ada: User) -> None:
    told(open_archive, ada)
    assert told(open_archive, ada) == 0
    assert unread_of(ada) == 1


def test_what_is_read_is_not_new_and_what_came_since_is(
    open_archive: OpenArchive, ada: User
) -> None:
    told(open_archive, ada, 1)
    newest = page_of_notifications(ada, limit=1).rows[0].number
    told(open_archive, ada, 2)
    assert notifications.mark_read(ada, up_to=newest, clock=open_archive.clock) == 1
    assert unread_of(ada) == 1


def test_who_wants_nothing_is_told_nothing(open_archive: OpenArchive, ada: User) -> None:
    choose(ada, KIND, is_shown=False, mail="none")
    assert told(open_archive, ada) == 0


def test_a_letter_goes_out_at_once(open_archive: OpenArchive, ada: User, post: MailServer) -> None:
    choose(ada, KIND, is_shown=False, mail="now")
    told(open_archive, ada)
    run_mail()
    (letter,) = post.letters
    assert (letter["To"], letter["Subject"]) == (
        "ada@example.org",
        "Muniment: The north lamp went out.",
    )
    assert "/me/notifications" in str(letter.get_payload(decode=True))
    assert unread_of(ada) == 0


def test_what_comes_within_the_hour_goes_into_one_letter(
    open_archive: OpenArchive, ada: User, post: MailServer
) -> None:
    choose(ada, KIND, is_shown=True, mail="now")
    told(open_archive, ada, 1)
    run_mail()
    told(open_archive, ada, 2)
    told(open_archive, ada, 3)
    (job,) = Job.objects.filter(kind=MAIL_JOB, state=JobState.QUEUED.value)
    assert job.run_after >= open_archive.clock.now() + timedelta(minutes=58)
    run_mail()
    assert [letter["Subject"] for letter in post.letters] == [
        "Muniment: The north lamp went out.",
        "Muniment: 2 things to know",
    ]


def test_a_daily_letter_waits_for_the_morning(open_archive: OpenArchive, ada: User) -> None:
    choose(ada, KIND, is_shown=True, mail="daily")
    told(open_archive, ada)
    (job,) = Job.objects.filter(kind=MAIL_JOB)
    assert (job.run_after.hour, job.run_after > open_archive.clock.now()) == (6, True)


def test_a_server_that_is_down_is_tried_again(
    open_archive: OpenArchive, ada: User, post: MailServer
) -> None:
    choose(ada, KIND, is_shown=True, mail="now")
    post.refusal = "451 come back later"
    told(open_archive, ada)
    Job.objects.filter(kind=MAIL_JOB).update(run_after="2020-01-01T00:00:00Z")
    run_until(lambda: Job.objects.filter(kind=MAIL_JOB, attempts=1, state="queued").exists())
    assert post.letters == []
    post.refusal = None
    run_mail()
    assert len(post.letters) == 1


def test_a_letter_that_is_refused_is_not_sent_for_ever(
    open_archive: OpenArchive, ada: User, post: MailServer
) -> None:
    choose(ada, KIND, is_shown=True, mail="now")
    post.refusal = "550 no such person"
    told(open_archive, ada)
    run_mail()
    assert Job.objects.get(kind=MAIL_JOB).state == JobState.SUCCEEDED
    assert unread_of(ada) == 1


@pytest.mark.parametrize("name", ["a\r\nBcc: all@example.org", "x" * 5000, "\x00", "%(other)s"])
def test_a_hostile_name_makes_an_ordinary_letter(
    open_archive: OpenArchive, ada: User, post: MailServer, name: str
) -> None:
    choose(ada, KIND, is_shown=False, mail="now")
    told(open_archive, ada, name=name.replace("\x00", "\x01"))
    run_mail()
    (letter,) = post.letters
    assert letter["Bcc"] is None


def test_without_an_address_nothing_is_mailed(open_archive: OpenArchive, ada: User) -> None:
    choose(ada, KIND, is_shown=True, mail="now")
    User.objects.update(email="")
    ada.refresh_from_db()
    told(open_archive, ada)
    assert Job.objects.filter(kind=MAIL_JOB).count() == 0


@pytest.mark.parametrize(("kind", "mail"), [("nonsense", "now"), (KIND, "hourly")])
def test_a_choice_that_is_none_is_refused(ada: User, kind: str, mail: str) -> None:
    with pytest.raises(InvalidArgument):
        choose(ada, kind, is_shown=True, mail=mail)


def test_every_kind_can_be_chosen(ada: User) -> None:
    choose(ada, KIND, is_shown=False, mail="daily")
    found = {kind.name: (choice.is_shown, choice.mail) for kind, choice in choices_of(ada)}
    assert found[KIND] == (False, "daily")
    assert found["submission refused"] == (True, "none")


def test_a_kind_that_is_gone_is_shown_by_its_name(open_archive: OpenArchive, ada: User) -> None:
    Notification.objects.create(user=ada, kind="of another package", event=1)
    assert page_of_notifications(ada, limit=1).rows[0].text == "of another package"
