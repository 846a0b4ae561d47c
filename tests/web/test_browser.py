"""The site in a real browser: an archivist's day, and every page fit for every person."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.screenshots import every_page
from tests.archives import ArchiveTemplate
from tests.ingest.packages import a_bag, a_folder
from tests.web.browser import PASSWORD, Site, launch, serving, sign_in, violations

pytestmark = [pytest.mark.tool("chromium"), pytest.mark.database]


@pytest.fixture(scope="module")
def site(
    archive_template: ArchiveTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A site with an accepted and a refused package, and users of three roles."""
    place = tmp_path_factory.mktemp("site")
    archive = archive_template.copy(place / "archive")
    inbox = place / "inbox"
    a_folder(inbox / "letters")
    bad = a_bag(place / "bad")
    (bad / "data" / "empty.txt").unlink()
    (archive.home / "muniment.toml").write_text(f'announce_roots = ["{inbox}"]\n')
    archive.ingest(a_bag(place / "good"), bad)
    for role in ("administrator", "archivist", "auditor"):
        subprocess.run(
            archive.command("user", "add", role, "--role", role, "--password-stdin"),
            env=archive.environment(),
            input=PASSWORD.encode() + b"\n",
            check=True,
            capture_output=True,
        )
    with serving(archive) as served:
        yield served
    archive.remove()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests here."""
    with sync_playwright() as player:
        opened = launch(player)
        yield opened
        opened.close()


@pytest.fixture
def archivist(browser: Browser, site: Site) -> Iterator[Page]:
    """The window of an archivist."""
    page = sign_in(browser, site, "archivist")
    yield page
    page.close()


@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("light", "fr"), ("dark", "en")])
def test_axe_finds_nothing_on_any_page(
    scheme: str, language: str, browser: Browser, site: Site
) -> None:
    page = sign_in(browser, site, "administrator", language=language, color_scheme=scheme)
    found = {}
    for address in every_page(page):
        page.goto(address)
        if wrong := violations(page):
            found[address] = wrong
    page.close()
    assert found == {}


def test_no_page_is_wider_than_a_phone(browser: Browser, site: Site) -> None:
    page = sign_in(browser, site, "administrator", viewport={"width": 360, "height": 740})
    wide = []
    for address in every_page(page):
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            wide.append(address)
    page.close()
    assert wide == []


def test_nothing_is_blocked_or_broken(browser: Browser, site: Site) -> None:
    page = sign_in(browser, site, "administrator")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("requestfailed", lambda request: said.append(request.url))
    for address in every_page(page):
        if address != "/no-such-page":
            page.goto(address)
    page.close()
    assert said == []


def test_an_archivist_hands_in_watches_finds_and_describes(archivist: Page, site: Site) -> None:
    archivist.goto("/submissions/announce")
    inbox = archivist.locator("main form code").first.inner_text()
    archivist.fill("input[name=path]", f"{inbox}/letters")
    archivist.click("main form button[type=submit]")
    archivist.wait_for_url("**/submissions/*")
    worker = site.archive.run("worker", "--once")
    assert worker.code == 0, worker.err
    archivist.wait_for_selector("#run .state--good >> text=accepted", timeout=20_000)
    archivist.click("main dl a[href^='/objects/']")
    archivist.click("text=Edit the description")
    archivist.fill("textarea", "title = Letters to Ada\ncreator = Ignace\n")
    archivist.click("main form button[type=submit]")
    assert archivist.locator("h1").inner_text() == "Letters to Ada"
    archivist.fill("header input[name=q]", "Ignace")
    archivist.press("header input[name=q]", "Enter")
    assert archivist.locator(".hit h2").inner_text() == "Letters to Ada"


def test_a_file_comes_down_byte_for_byte(archivist: Page, tmp_path: Path) -> None:
    archivist.goto("/objects?q=good")
    archivist.click(".hit h2 a")
    archivist.click("text=Files")
    archivist.fill("input[name=name]", "list")
    archivist.press("input[name=name]", "Enter")
    archivist.click("td a >> text=list.csv")
    with archivist.expect_download() as coming:
        archivist.click("text=Download")
    saved = tmp_path / "list.csv"
    coming.value.save_as(saved)
    assert saved.read_bytes() == b"name,berth\nAda,12\nIgnace,14\n"


def test_folders_open_in_place_by_the_keyboard(archivist: Page) -> None:
    archivist.goto("/objects?q=good")
    archivist.click(".hit h2 a")
    archivist.click("text=Files")
    archivist.focus(".tree summary")
    archivist.keyboard.press("Enter")
    archivist.wait_for_selector(".tree__list .tree__list")
    archivist.keyboard.press("Tab")
    assert archivist.evaluate("document.activeElement.closest('.tree__list .tree__list') !== null")
    assert violations(archivist) == []


def test_an_auditor_reads_everything_and_changes_nothing(browser: Browser, site: Site) -> None:
    page = sign_in(browser, site, "auditor")
    page.goto("/audit")
    assert page.locator("tbody tr").count() > 0
    for address in every_page(page):
        page.goto(address)
        writing = page.locator("main form[method=post]").evaluate_all(
            "forms => forms.map(form => form.getAttribute('action') || location.pathname)"
        )
        # Searches are one's own; of the deeds on many objects an auditor has the export alone.
        own = ("/me/", "/objects/searches", "/objects/bulk")
        assert [each for each in writing if not each.startswith(own)] == []
        choices = page.locator("select[name=action] option")
        assert {each.get_attribute("value") for each in choices.all()} <= {"export"}
    page.close()


def test_the_keyboard_reaches_the_content_first(archivist: Page) -> None:
    archivist.goto("/objects")
    archivist.keyboard.press("Tab")
    assert archivist.evaluate("document.activeElement.className") == "skip-link"
    archivist.keyboard.press("Enter")
    assert archivist.evaluate("document.activeElement.id") == "content"


def test_the_language_is_kept(browser: Browser, site: Site) -> None:
    page = sign_in(browser, site, "archivist")
    page.click("footer button[value=fr]")
    page.goto("/objects")
    assert page.locator("html").get_attribute("lang") == "fr"
    page.close()
