"""Handing in by a form, quarantine, receipt and sending again: pages without any script."""

from __future__ import annotations

import html
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from muniment.administration.models import User
from muniment.ingest.deposit_area import areas_of
from muniment.ingest.models import Deposit, Submission
from muniment.runtime.actor import Role
from muniment.work import outbox
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import CONTENT, a_bag
from tests.site.conftest import Caller, SignIn, open_archive, sign_in

pytestmark = pytest.mark.slow

__all__ = ["open_archive", "sign_in"]
EVIL = "<script>alert(1)</script>.txt"


@pytest.fixture
def caller(sign_in: SignIn) -> Caller:
    return sign_in(Role.ARCHIVIST)


@pytest.fixture
def browser(caller: Caller) -> Client:
    """The session of an archivist."""
    client = Client()
    client.force_login(caller.user)
    return client


def upload(browser: Client, *files: SimpleUploadedFile, **said: str) -> Any:  # noqa: ANN401  # Django's test response
    return browser.post("/submissions/new", {"pipeline": "short", "files": list(files), **said})


def finished(open_archive: OpenArchive, answer: Any) -> Submission:  # noqa: ANN401  # likewise
    assert answer.status_code == 302, answer.content.decode()
    wanted = answer["Location"].rpartition("/")[2]
    made = open_archive.finish(Submission.objects.get(submission_id=wanted))
    outbox.drain()
    return made


def a_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in CONTENT.items():
            archive.writestr(name, data)
    return packed.getvalue()


@pytest.fixture
def refused(open_archive: OpenArchive, caller: Caller, tmp_path: Path) -> Submission:
    """A bag whose payload was altered, with names that are attacks or no text."""
    bag = a_bag(tmp_path / "bag", {"a.txt": b"first\n", EVIL: b"second\n", "100%.txt": b"third\n"})
    (bag / "data" / EVIL).write_bytes(b"altered\n")
    (bag / "data" / "100%.txt").write_bytes(b"altered\n")
    made = open_archive.hand_in(bag, caller.user.actor)
    assert made.state == "refused"
    return made


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return str(answer.content.decode())


def test_files_of_a_form_become_an_object(browser: Client, open_archive: OpenArchive) -> None:
    files = [SimpleUploadedFile(name, b"text") for name in ("a.txt", "b.txt")]
    made = finished(open_archive, upload(browser, *files, title="Two texts", creator="Ada"))
    assert (made.state, made.name, made.file_count) == ("accepted", "Two texts", 2)
    assert "Two texts" in text(browser, f"/objects/{made.object_id}")


def test_a_packed_package_of_a_form_is_unpacked(browser: Client, open_archive: OpenArchive) -> None:
    made = finished(open_archive, upload(browser, SimpleUploadedFile("letters.zip", a_zip())))
    assert (made.state, made.form, made.file_count) == ("accepted", "zip", len(CONTENT))


def test_a_dry_run_first_then_for_real(browser: Client, open_archive: OpenArchive) -> None:
    answer = upload(browser, SimpleUploadedFile("a.txt", b"text"), dry_run="on")
    tried = finished(open_archive, answer)
    assert tried.state == "would_accept"
    page = text(browser, f"/submissions/{tried.submission_id}")
    address = f"/deposits/{Deposit.objects.get().deposit_id}/finalise"
    assert address in page
    assert finished(open_archive, browser.post(address)).state == "accepted"
    assert address not in text(browser, f"/submissions/{tried.submission_id}")


def test_a_fault_keeps_what_was_written(browser: Client, open_archive: OpenArchive) -> None:
    answer = browser.post("/submissions/new", {"title": "My letters", "object_id": "x-1"})
    assert answer.status_code == 422
    assert "My letters" in answer.content.decode()
    assert "x-1" in answer.content.decode()
    assert not Deposit.objects.exists()
    assert list(areas_of(open_archive.home).iterdir()) == []


def test_a_form_of_somebody_else_brings_nothing(caller: Caller, open_archive: OpenArchive) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(caller.user)
    answer = client.post("/submissions/new", {"files": SimpleUploadedFile("a.txt", b"text")})
    assert answer.status_code == 403
    assert not Deposit.objects.exists()
    assert list(areas_of(open_archive.home).iterdir()) == []


@pytest.mark.parametrize("address", ["/login/", "/submissions/announce", "/language/"])
def test_no_other_form_takes_files(
    address: str, browser: Client, open_archive: OpenArchive
) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(address, {"file": SimpleUploadedFile("a.txt", b"x" * 100)})
    assert answer.status_code in {302, 400, 403}


def test_unfinished_uploads_are_listed_and_given_up(browser: Client, caller: Caller) -> None:
    from tests.site.uploads import a_deposit, begin

    deposit = a_deposit(caller, title="Half a book")
    begin(caller, deposit, b"book.bin", 1000)
    page = text(browser, "/submissions/new")
    assert "Half a book" in page
    assert f"?deposit={deposit}" in page
    assert "Half a book" in text(browser, f"/submissions/new?deposit={deposit}")
    assert browser.post(f"/deposits/{deposit}/delete").status_code == 302
    assert "Half a book" not in text(browser, "/submissions/new")


def test_the_quarantine_lists_what_was_refused(browser: Client, refused: Submission) -> None:
    page = text(browser, "/quarantine")
    assert f"/quarantine/{refused.submission_id}" in page
    assert "bag" in page


def test_every_finding_is_shown_file_by_file(browser: Client, refused: Submission) -> None:
    page = text(browser, f"/quarantine/{refused.submission_id}")
    assert EVIL not in page
    assert html.escape(f"data/{EVIL}") in page
    assert "payload-altered" in page
    assert page.index(html.escape(f"data/{EVIL}")) < page.rindex("payload-altered")


def test_a_package_is_sent_again_as_it_is_kept(
    browser: Client, open_archive: OpenArchive, refused: Submission, caller: Caller
) -> None:
    answer = browser.post(f"/quarantine/{refused.submission_id}/again", {"pipeline": "short"})
    made = finished(open_archive, answer)
    assert (made.state, made.name) == ("refused", "bag")
    assert made.pk != refused.pk
    kept = caller.get(f"quarantine/{made.submission_id}").json()
    paths = {each.get("path") for each in kept["findings"]}
    assert {f"data/{EVIL}", "data/100%.txt"} <= {str(each).replace("%25", "%") for each in paths}
    assert caller.get(f"quarantine/{refused.submission_id}").status_code == 200


def test_a_package_whose_fault_was_ours_is_accepted_when_it_is_sent_again(
    browser: Client, open_archive: OpenArchive, caller: Caller, tmp_path: Path
) -> None:
    from tests.site.test_deposits_api import paths_of

    content = {"caf\udce9.txt": b"x", "100%.txt": b"y", "n" * 250 + ".txt": b"z"}
    bag = a_bag(tmp_path / "bag", {"a.txt": b"a"})
    (bag / "manifest-sha256.txt").rename(bag / "kept")
    made = open_archive.hand_in(bag, caller.user.actor)
    assert made.state == "refused"
    place = open_archive.home.quarantine / str(made.submission_id) / "package"
    (place / "kept").rename(place / "manifest-sha256.txt")
    assert content
    answer = browser.post(f"/quarantine/{made.submission_id}/again", {})
    again = finished(open_archive, answer)
    assert again.state == "accepted", again.held_reason
    assert paths_of(caller, str(again.object_id)) == ["a.txt"]


def test_what_was_refused_while_it_was_unpacked_is_not_sent_again(
    browser: Client, open_archive: OpenArchive, caller: Caller
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("good.txt", b"x")
        archive.writestr("../evil.txt", b"x")
    answer = upload(browser, SimpleUploadedFile("evil.zip", packed.getvalue()))
    made = finished(open_archive, answer)
    assert made.state == "refused"
    page = text(browser, f"/quarantine/{made.submission_id}")
    assert "not all of it is kept here" in page
    assert browser.post(f"/quarantine/{made.submission_id}/again").status_code == 409
    again = caller.send("POST", f"quarantine/{made.submission_id}/again", {})
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")


def test_deleting_asks_first_and_keeps_the_receipt(
    browser: Client, open_archive: OpenArchive, refused: Submission
) -> None:
    address = f"/quarantine/{refused.submission_id}/delete"
    assert "for good" in text(browser, address)
    place = open_archive.home.quarantine / str(refused.submission_id)
    assert place.is_dir()
    assert browser.post(address).status_code == 302
    assert not place.exists()
    assert text(browser, f"/quarantine/{refused.submission_id}", 404)
    receipt = text(browser, f"/submissions/{refused.submission_id}/receipt")
    assert "payload-altered" in receipt
    assert ">not run<" in receipt
    assert ">ready<" not in receipt


def test_a_receipt_says_all_that_matters(browser: Client, open_archive: OpenArchive) -> None:
    made = finished(open_archive, upload(browser, SimpleUploadedFile("a.txt", b"text")))
    page = text(browser, f"/submissions/{made.submission_id}/receipt")
    for said in (str(made.submission_id), str(made.object_id), "a.txt", "982d9e3eb996f559"):
        assert said in page
    whole = browser.get(f"/submissions/{made.submission_id}/receipt?form=json")
    assert json.loads(b"".join(whole))["verdict"] == "accepted"
    assert whole["Content-Disposition"].startswith("attachment")


def test_a_receipt_is_there_when_the_submission_has_ended(
    browser: Client, open_archive: OpenArchive
) -> None:
    answer = upload(browser, SimpleUploadedFile("a.txt", b"text"))
    assert text(browser, answer["Location"] + "/receipt", 404)


def test_a_depositor_sees_only_their_own(sign_in: SignIn, refused: Submission) -> None:
    other = sign_in(Role.DEPOSITOR)
    client = Client()
    client.force_login(User.objects.get(username="depositor"))
    assert str(refused.submission_id) not in text(client, "/quarantine")
    for address in ("", "/delete"):
        assert client.get(f"/quarantine/{refused.submission_id}{address}").status_code in {403, 404}
    assert client.get(f"/submissions/{refused.submission_id}/receipt").status_code in {403, 404}
    assert other.get(f"quarantine/{refused.submission_id}").status_code in {403, 404}
    assert other.send("DELETE", f"quarantine/{refused.submission_id}").status_code == 403
    again = other.send("POST", f"quarantine/{refused.submission_id}/again", {})
    assert again.status_code in {403, 404}


def test_the_api_lists_shows_and_deletes(caller: Caller, refused: Submission) -> None:
    (item,) = caller.get("quarantine").json()["items"]
    assert item["submission_id"] == str(refused.submission_id)
    first = caller.get(f"quarantine/{refused.submission_id}?limit=1").json()
    assert first["may_be_sent_again"]
    rest = caller.get(f"quarantine/{refused.submission_id}?cursor={first['next_findings']}").json()
    assert len(first["findings"] + rest["findings"]) == 2
    assert rest["next_findings"] is None
    receipt = caller.get(f"submissions/{refused.submission_id}/receipt")
    assert json.loads(b"".join(receipt))["verdict"] == "refused"
    assert caller.send("DELETE", f"quarantine/{refused.submission_id}").status_code == 204
    assert caller.get("quarantine").json()["items"] == []
