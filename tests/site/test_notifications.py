"""The inbox over page and API, filled by what the archive does."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from muniment.administration.models import Notification
from muniment.runtime.actor import Role
from muniment.work import outbox
from tests.ingest.open_archive import OpenArchive
from tests.site.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_owner_is_told_of_the_verdict(
    open_archive: OpenArchive, sign_in: SignIn, tmp_path: Path
) -> None:
    caller = sign_in(Role.DEPOSITOR)
    other = sign_in(Role.ARCHIVIST)
    (tmp_path / "letter.txt").write_text("a letter")
    row = open_archive.hand_in(tmp_path / "letter.txt", caller.user.actor)
    (told,) = caller.get("me/notifications").json()["items"]
    assert (told["text"], told["is_read"]) == ("letter.txt was accepted and is kept.", False)
    assert told["address"] == f"/submissions/{row.submission_id}"
    assert other.get("me/notifications").json()["items"] == []


def test_the_page_shows_marks_and_keeps_choices(
    open_archive: OpenArchive, sign_in: SignIn, tmp_path: Path
) -> None:
    caller, client = sign_in(Role.DEPOSITOR), Client()
    (tmp_path / "letter.txt").write_text("a letter")
    open_archive.hand_in(tmp_path / "letter.txt", caller.user.actor)
    client.force_login(caller.user)
    page = client.get("/me/notifications").content.decode()
    assert "letter.txt was accepted" in page
    assert "1 new notification" in page
    newest = Notification.objects.get().pk
    client.post("/me/notifications/read", {"newest": newest})
    assert "new notification" not in client.get("/me/notifications").content.decode()
    client.post("/me/notifications/choices", {"mail:submission held": "daily"})
    chosen = caller.get("me/notifications/choices").json()["items"]
    held = next(each for each in chosen if each["kind"] == "submission held")
    assert (held["in_page"], held["mail"]) == (False, "daily")


def test_the_page_is_in_french_too(
    open_archive: OpenArchive, sign_in: SignIn, tmp_path: Path
) -> None:
    caller, client = sign_in(Role.DEPOSITOR), Client(headers={"accept-language": "fr"})
    (tmp_path / "letter.txt").write_text("a letter")
    open_archive.hand_in(tmp_path / "letter.txt", caller.user.actor)
    client.force_login(caller.user)
    assert "letter.txt a été accepté" in client.get("/me/notifications").content.decode()


@pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 40, "²"])
def test_a_hostile_number_marks_nothing(sign_in: SignIn, newest: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(sign_in(Role.READER).user)
    assert client.post("/me/notifications/read", {"newest": newest}).status_code == 302


def test_choosing_by_the_api(sign_in: SignIn) -> None:
    caller = sign_in(Role.ARCHIVIST)
    address = "me/notifications/choices/submission refused"
    assert caller.send("PUT", address, {"in_page": True, "mail": "now"}).status_code == 204
    assert caller.send("PUT", address, {"in_page": True, "mail": "x"}).status_code == 422
    nothing = caller.send("PUT", "me/notifications/choices/x", {"in_page": True, "mail": "now"})
    assert nothing.status_code == 422


def test_marking_by_the_api(sign_in: SignIn) -> None:
    caller = sign_in(Role.ARCHIVIST)
    row = Notification.objects.create(user=caller.user, kind="submission held", event=1)
    answer = caller.send("POST", "me/notifications/read", {"up_to": row.pk})
    assert answer.json() == {"unread": 0}


def test_damage_is_told_to_those_who_look_after_it(sign_in: SignIn) -> None:
    archivist, depositor = sign_in(Role.ARCHIVIST), sign_in(Role.DEPOSITOR)
    outbox.add(
        "ledger recorded",
        object_id="01890000-0000-7000-8000-000000000000",
        seq=1,
        recorded_at="2026-11-30T12:00:00+00:00",
        kind="other",
        payload={"event_type": "fixity check", "outcome": "failure", "outcome_detail": "1 missing"},
    )
    outbox.drain()
    (told,) = archivist.get("me/notifications").json()["items"]
    assert "1 missing" in told["text"]
    assert depositor.get("me/notifications").json()["items"] == []
