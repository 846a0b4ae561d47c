"""Files looked at in the page: no file of others is ever a page of ours."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from muniment.administration.models import User
from muniment.catalogue.models import File
from muniment.runtime.actor import Role
from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of
from muniment.work import outbox
from tests.ingest.open_archive import OpenArchive
from tests.site.conftest import SignIn, open_archive, sign_in

pytestmark = pytest.mark.slow

__all__ = ["open_archive", "sign_in"]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
SOUND = b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00"  # noqa: E501  # one file
# As identification says, or could be made to say of a page that is named like a picture.
TYPES = {
    "evil.svg": "image/svg+xml",
    "evil.html": "text/html",
    "page.png": "image/png",
    "lies.png": "image/png",
    "sound.wav": "audio/x-wav",
    "latin.txt": "text/plain",
}


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def browser(sign_in: SignIn) -> Client:
    """The session of an archivist."""
    client = Client()
    client.force_login(sign_in(Role.ARCHIVIST).user)
    return client


@pytest.fixture
def files(open_archive: OpenArchive, browser: Client, tmp_path: Path) -> dict[str, str]:
    """The addresses of files of several kinds by name."""
    folder = tmp_path / "kinds"
    folder.mkdir()
    contents = {
        "evil.svg": SVG,
        "evil.html": HTML,
        "page.png": png(),
        "lies.png": HTML,
        "sound.wav": SOUND,
        "latin.txt": "Prüfbericht <b>".encode("latin-1"),
        "thing.bin": b"\x00\x01\x02\x03" * 9,
    }
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    open_archive.hand_in(folder, User.objects.get().actor)
    outbox.drain()
    for name, mime_type in TYPES.items():
        File.objects.filter(path=name).update(mime_type=mime_type)
    return {each.path: f"/object/{each.file_id}" for each in File.objects.all()}


def test_markup_is_shown_as_its_source(browser: Client, files: dict[str, str]) -> None:
    for name in ("evil.svg", "evil.html"):
        page = browser.get(f"{files[name]}/text").content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page


def test_markup_is_neither_drawn_nor_played(browser: Client, files: dict[str, str]) -> None:
    for name in ("evil.svg", "evil.html"):
        for part in ("picture", "media"):
            answer = browser.get(f"{files[name]}/{part}")
            assert answer.status_code == 404
            assert b"alert(1)" not in answer.content


def test_a_picture_is_drawn_anew_and_kept(browser: Client, files: dict[str, str]) -> None:
    for _ in range(2):
        answer = browser.get(f"{files['page.png']}/picture")
        data = b"".join(answer)
        assert answer["Content-Type"] == "image/png"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        with Image.open(io.BytesIO(data)) as found:
            assert found.size == (40, 30)
    assert len(list(adapter_of(ArchiveHome).previews.rglob("*.png"))) == 1


def test_a_page_that_says_it_is_a_picture_is_none(browser: Client, files: dict[str, str]) -> None:
    for _ in range(2):
        answer = browser.get(f"{files['lies.png']}/picture")
        assert answer.status_code == 404
        assert b"alert(1)" not in answer.content


def test_sound_is_played_in_a_sandbox(browser: Client, files: dict[str, str]) -> None:
    answer = browser.get(f"{files['sound.wav']}/media")
    assert (answer.status_code, answer["Content-Type"]) == (200, "audio/wav")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer) == SOUND
    part = browser.get(f"{files['sound.wav']}/media", headers={"Range": "bytes=4-7"})
    assert (part.status_code, b"".join(part), part["Content-Type"]) == (
        206,
        SOUND[4:8],
        "audio/wav",
    )
    assert b"<audio controls" in browser.get(files["sound.wav"]).content


def test_a_text_comes_in_its_encoding_whole_or_as_a_part(
    browser: Client, files: dict[str, str]
) -> None:
    whole = browser.get(f"{files['latin.txt']}/text").content.decode()
    part = browser.get(
        f"{files['latin.txt']}/text", headers={"HX-Request": "true"}
    ).content.decode()
    assert "Prüfbericht &lt;b&gt;" in whole
    assert "Prüfbericht &lt;b&gt;" in part
    assert "<html" in whole
    assert "<html" not in part


def test_what_cannot_be_shown_says_so(browser: Client, files: dict[str, str]) -> None:
    page = browser.get(files["thing.bin"]).content.decode()
    assert "cannot be shown here" in page
    assert "/content" in page


def test_who_may_not_have_the_bytes_has_no_preview(files: dict[str, str], sign_in: SignIn) -> None:
    reader = Client()
    reader.force_login(sign_in(Role.DEPOSITOR).user)
    for part in ("picture", "text", "media"):
        assert reader.get(f"{files['page.png']}/{part}").status_code == 404
