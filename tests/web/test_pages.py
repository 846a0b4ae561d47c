"""Pages: what is on them, that nothing foreign runs in them, that nothing written is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from muniment.administration.models import ApiToken, User
from muniment.runtime.actor import Role
from muniment.work import outbox
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import a_bag, a_folder
from tests.site.conftest import SignIn, open_archive, sign_in

__all__ = ["open_archive", "sign_in"]
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def browser(sign_in: SignIn) -> Client:
    """The session of an archivist."""
    client = Client()
    client.force_login(sign_in(Role.ARCHIVIST).user)
    return client


@pytest.fixture
def evil_object(open_archive: OpenArchive, browser: Client, tmp_path: Path) -> str:
    """An object whose names and description are attacks."""
    folder = a_folder(
        tmp_path / "evil", {"<img src=x onerror=alert(1)>.txt": b"a", "b'\".txt": b"b"}
    )
    (folder / "metadata").mkdir()
    (folder / "metadata" / "dc.csv").write_text(
        f'dc.title,dc.creator\n{EVIL},"\'><svg/onload=1>"\n'
    )
    from muniment.administration.models import User

    submission = open_archive.hand_in(folder, User.objects.get().actor)
    outbox.drain()
    return str(submission.object_id)


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return str(answer.content.decode())


def test_an_empty_archive_says_what_to_do(browser: Client) -> None:
    assert "/submissions/new" in text(browser, "/objects")
    assert "Nothing was handed in yet." in text(browser, "/submissions")


@pytest.mark.parametrize(
    "part", ["", "/files?in=original", "/files?name=.txt", "/events", "/versions", "/description"]
)
def test_hostile_names_and_descriptions_stay_text(
    part: str, browser: Client, evil_object: str
) -> None:
    page = text(browser, f"/objects/{evil_object}{part}")
    assert EVIL not in page
    assert "<img src=x" not in page
    assert "<svg/onload" not in page
    assert "&lt;script&gt;" in page


def test_a_folder_opens_with_and_without_scripts(browser: Client, evil_object: str) -> None:
    top = text(browser, f"/objects/{evil_object}/files")
    assert 'href="/objects/' + evil_object + '/files?in=original"' in top
    assert f'hx-get="/objects/{evil_object}/files/inside?in=original"' in top
    inside = text(browser, f"/objects/{evil_object}/files/inside?in=original")
    assert inside.count('href="/object/') >= 2
    assert "<html" not in inside
    assert "<img src=x" not in inside
    text(browser, f"/objects/{evil_object}/files?in=no/such", 404)
    text(browser, f"/objects/{evil_object}/files?in=original&cursor=x", 422)


@pytest.mark.parametrize("address", ["/objects?q={}", "/submissions?verdict={}", "/login/?next={}"])
def test_what_is_asked_for_stays_text(address: str, browser: Client) -> None:
    answer = browser.get(address.format("%22%3E" + EVIL))
    assert EVIL not in answer.content.decode()
    assert answer.status_code < 500


def test_nothing_inline_may_run(browser: Client) -> None:
    answer = browser.get("/dashboard/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert b"<style" not in answer.content
    assert b" style=" not in answer.content
    assert b" onclick=" not in answer.content


def test_a_download_is_never_shown_in_the_site(browser: Client, evil_object: str) -> None:
    page = text(browser, f"/objects/{evil_object}/files?in=original")
    address = page.partition('href="/object/')[2].partition('"')[0]
    answer = browser.get(f"/object/{address}/content")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer) in {b"a", b"b"}


def test_a_wrong_description_keeps_what_was_written(browser: Client, evil_object: str) -> None:
    body = {"head": "1", "text": "title = Letters\ncolour = red\n"}
    answer = browser.post(f"/objects/{evil_object}/description", body)
    assert answer.status_code == 422
    assert "colour = red" in answer.content.decode()


def test_of_two_editors_the_second_sees_the_conflict(browser: Client, evil_object: str) -> None:
    address = f"/objects/{evil_object}/description"
    assert browser.post(address, {"head": "1", "text": "title = First\n"}).status_code == 302
    answer = browser.post(address, {"head": "1", "text": "title = Second\n"})
    assert answer.status_code == 422
    assert "title = Second" in answer.content.decode()
    assert "First" in text(browser, f"/objects/{evil_object}")


def test_a_tag_is_added_and_taken_off(browser: Client, evil_object: str) -> None:
    browser.post(f"/objects/{evil_object}/tags", {"add": "maps"})
    assert "maps" in text(browser, f"/objects/{evil_object}")
    browser.post(f"/objects/{evil_object}/tags", {"remove": "maps"})
    assert "No tags." in text(browser, f"/objects/{evil_object}")


def test_a_refused_package_shows_every_finding(
    open_archive: OpenArchive, browser: Client, tmp_path: Path
) -> None:
    bag = a_bag(tmp_path / "bag")
    (bag / "data" / "list.csv").write_bytes(b"altered\n")
    (bag / "data" / "empty.txt").unlink()
    submission = open_archive.hand_in(bag, User.objects.get().actor)
    page = text(browser, f"/submissions/{submission.submission_id}")
    assert "data/list.csv" in page
    assert "data/empty.txt" in page
    assert "payload-altered" in page


def test_a_path_outside_the_roots_is_refused_and_kept(browser: Client) -> None:
    answer = browser.post("/submissions/announce", {"path": "/etc/passwd", "dry_run": "on"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "/etc/passwd" in page
    assert "checked" in page


def test_a_new_token_is_shown_once(browser: Client) -> None:
    page = browser.post("/me/tokens", {"name": "harvest", "scope": ["read"]}).content.decode()
    assert "mun_" in page
    secret = page.partition("<code>")[2].partition("</code>")[0]
    assert secret.startswith(ApiToken.objects.get(name="harvest").hint)
    assert secret not in text(browser, "/me/")


@pytest.mark.parametrize("address", ["/no-such-page", "/objects/not-a-uuid", "/jobs/999999"])
def test_what_is_not_there_has_a_page_that_says_so(address: str, browser: Client) -> None:
    page = text(browser, address, 404)
    assert "There is nothing here" in page
    assert "Traceback" not in page
