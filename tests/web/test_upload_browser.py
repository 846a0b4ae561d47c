"""Handing in with a real browser: a folder, a packed package, a cut, a refusal, once more."""

from __future__ import annotations

import contextlib
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Route

from tests.archives import ArchiveTemplate
from tests.ingest.packages import CONTENT, a_bag, a_folder
from tests.web.browser import Site, sign_in, violations
from tests.web.conftest import a_site

pytestmark = [pytest.mark.tool("chromium"), pytest.mark.database, pytest.mark.slow]

SUBMISSION = re.compile(r"/submissions/[0-9a-f]{8}-")


@pytest.fixture(scope="module")
def site(
    archive_template: ArchiveTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A site of our own: what is handed in here would hide what others look for."""
    with a_site(archive_template, tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture
def page(archivist: Page) -> Page:
    """The window of an archivist."""
    return archivist


def hand_in(page: Page, site: Site) -> None:
    """Press the button, wait for the submission, and run it to its verdict."""
    page.click("#upload button[type=submit]")
    page.wait_for_url(SUBMISSION)
    run_jobs(page, site)


def run_jobs(page: Page, site: Site) -> None:
    """Run what waits, then look at the page again, which may be loading itself for that."""
    worker = site.archive.run("worker", "--once")
    assert worker.code == 0, worker.err
    with contextlib.suppress(Error):  # "frame was detached": its own loading was the quicker one
        page.reload()
    page.wait_for_load_state()


def test_a_folder_is_handed_in(page: Page, site: Site, tmp_path: Path) -> None:
    page.goto("/submissions/new")
    page.set_input_files("#folder", a_folder(tmp_path / "letters"))
    assert page.locator("#upload-files tr").count() == len(CONTENT)
    assert page.input_value("input[name=title]") == "letters"
    hand_in(page, site)
    assert page.locator("#run .state").first.inner_text() == "accepted"
    page.click("main dl a[href^='/objects/']")
    assert page.locator("h1").inner_text() == "letters"
    page.click("text=Files")
    page.goto(page.url + "?name=.")
    shown = " ".join(page.locator("main").all_inner_texts())
    assert all(name.rpartition("/")[2] in shown for name in CONTENT)


def test_a_packed_package_is_handed_in_and_its_receipt_prints(
    page: Page, site: Site, tmp_path: Path
) -> None:
    packed = tmp_path / "harbour.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in CONTENT.items():
            archive.writestr(name, data)
    page.goto("/submissions/new")
    page.set_input_files("input[name=files]", packed)
    hand_in(page, site)
    assert "zip" in page.locator("dl.facts").inner_text()
    page.click("text=Receipt")
    assert violations(page) == []
    page.emulate_media(media="print")
    assert not page.locator("header.site-header").is_visible()
    assert page.locator("article.receipt h1").is_visible()
    assert page.locator("td.digest").count() == len(CONTENT)


def test_what_is_dropped_is_taken(page: Page) -> None:
    page.goto("/submissions/new")
    page.evaluate(
        """() => {
            const moved = new DataTransfer();
            moved.items.add(new File(["text"], "dropped.txt"));
            document.querySelector("#drop").dispatchEvent(
                new DragEvent("drop", { dataTransfer: moved, bubbles: true, cancelable: true }));
        }"""
    )
    page.wait_for_selector("#upload-files td >> text=dropped.txt")


def test_a_large_file_goes_on_where_it_was_cut(page: Page, site: Site, tmp_path: Path) -> None:
    large = tmp_path / "film.bin"
    large.write_bytes(os.urandom(12 << 20))
    asked: list[str] = []
    cuts = [2]

    def cut(route: Route) -> None:
        asked.append(f"{route.request.method} {route.request.headers.get('upload-offset', '')}")
        if route.request.method == "PATCH" and cuts[0]:
            cuts[0] -= 1
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/deposits/*/files/**", cut)
    page.goto("/submissions/new")
    page.set_input_files("input[name=files]", large)
    hand_in(page, site)
    assert page.locator("#run .state").first.inner_text() == "accepted"
    assert [each for each in asked if each.startswith("PATCH")][:2] == ["PATCH 0", "PATCH 0"]
    assert any(each.startswith("HEAD") for each in asked)


def test_an_upload_is_paused_left_and_taken_up_again(
    page: Page, site: Site, tmp_path: Path
) -> None:
    folder = a_folder(tmp_path / "reel", {"a.txt": b"first\n", "film.bin": os.urandom(9 << 20)})
    page.route("**/files/film.bin", lambda route: route.abort("connectionreset"))
    page.goto("/submissions/new")
    page.set_input_files("#folder", folder)
    page.click("#upload button[type=submit]")
    page.wait_for_selector("#upload-files tr:has-text('a.txt') >> text=done")
    page.click("#upload-pause")
    page.wait_for_selector("#upload-summary >> text=Paused.")
    page.goto("/submissions/new")
    page.unroute_all()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    page.click("tr:has-text('reel') >> text=Go on")
    page.set_input_files("#folder", folder)
    hand_in(page, site)
    assert page.locator("#run .state").first.inner_text() == "accepted"
    assert not [each for each in sent if each.startswith("PUT")]


def test_a_refused_package_is_explained_and_sent_again(
    page: Page, site: Site, tmp_path: Path
) -> None:
    bag = a_bag(tmp_path / "ledger-1907")
    (bag / "data" / "list.csv").write_bytes(b"altered\n")
    page.goto("/submissions/new")
    page.set_input_files("#folder", bag)
    hand_in(page, site)
    page.click("text=What was wrong")
    assert page.locator("h2:has-text('data/list.csv')").is_visible()
    assert violations(page) == []
    page.click("text=Send what is kept")
    page.wait_for_url(SUBMISSION)
    run_jobs(page, site)
    page.click("text=What was wrong")
    page.click("main a >> text=Delete")
    page.click("text=Delete for good")
    page.wait_for_url("**/quarantine")
    assert page.locator("td a >> text=ledger-1907").count() == 1


def test_a_refused_file_is_told_in_words(page: Page, tmp_path: Path) -> None:
    page.goto("/submissions/new")
    page.set_input_files("input[name=files]", a_folder(tmp_path / "x") / "list.csv")
    page.fill("input[name=object_id]", "no object")
    page.route("**/finalise", lambda route: route.fulfill(status=409, body='{"detail": "Not so."}'))
    page.click("#upload button[type=submit]")
    page.wait_for_selector("#upload-fault >> text=Not so.")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_of_an_upload_is_fit_for_everybody(
    browser: Browser, site: Site, language: str, tmp_path: Path
) -> None:
    page = sign_in(
        browser, site, "archivist", language=language, viewport={"width": 360, "height": 740}
    )
    page.goto("/submissions/new")
    page.set_input_files("#folder", a_folder(tmp_path / "letters"))
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


def test_without_scripts_the_form_does_it(browser: Browser, site: Site, tmp_path: Path) -> None:
    signed = sign_in(browser, site, "archivist")
    context = browser.new_context(
        java_script_enabled=False,
        base_url=site.address,
        storage_state=signed.context.storage_state(),
    )
    page = context.new_page()
    page.goto("/submissions/new")
    page.set_input_files("input[name=files]", a_folder(tmp_path / "x") / "list.csv")
    page.fill("input[name=title]", "A list")
    hand_in(page, site)
    assert page.locator("#run .state").first.inner_text() == "accepted"
    context.close()
    signed.close()
