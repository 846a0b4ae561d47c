"""The site in a real browser: an archivist's day, and every page fit for every person."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from scripts.screenshots import SCENES, Person
from scripts.site_pages import NOT_PAGES, PAGES, THINGS, VISITED, every_page, things, visited_pages
from tests.site.routes import page_routes
from tests.web.browser import CONTRAST, PASSWORD, Site, sign_in, violations

pytestmark = [pytest.mark.tool("chromium"), pytest.mark.database, pytest.mark.slow]
NEW_PASSWORD = "password/new/<str:username>/<str:token>"
ABORTED = "net::ERR_ABORTED"
PHONE = ViewportSize(width=360, height=740)
WIDE = ViewportSize(width=1280, height=900)


def test_every_page_of_the_routes_is_looked_at() -> None:
    shown = {route.address for route in page_routes() if route.method == "GET"}
    assert shown == {*PAGES, *VISITED, *NOT_PAGES}
    assert not set(NOT_PAGES) & {*PAGES, *VISITED}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_is_fit_for_everybody(language: str, browser: Browser, site: Site) -> None:
    calm = {"viewport": WIDE, "reduced_motion": "reduce"}  # axe would look at colours on their way
    page = sign_in(browser, site, "administrator", language=language, **calm)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    # What a page was asking for ends with the page; that is no failure.
    page.on("requestfailed", lambda r: said.extend([r.url] if r.failure != ABORTED else []))
    assert set(things(page)) == set(THINGS)
    found = {address: looked_at(page, address, language, said) for address in every_page(page)}
    page.context.clear_cookies()
    found |= {address: looked_at(page, address, language, said) for address in visited_pages()}
    page.close()
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def looked_at(page: Page, address: str, language: str, said: list[str]) -> list[str]:
    """Return what is wrong with a page by axe, on a phone, and in the console.

    Contrast is looked at once for each scheme of colours: a language does not change it.
    """
    said.clear()
    page.goto(address)
    wrong = violations(page, without="" if language == "en" else CONTRAST)
    if language == "en":
        page.emulate_media(color_scheme="dark")
        wrong += [f"dark: {each}" for each in violations(page, only=CONTRAST)]
        page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(WIDE)
    if width > PHONE["width"]:
        wrong.append(f"it is {width} wide on a phone")
    # A browser says so itself when an answer is 404 or 422, as it is on these.
    is_refused = address in {"/no-such-page", "/objects?q=size:large", *VISITED[NEW_PASSWORD]}
    return wrong if is_refused else wrong + said


def test_the_scenes_of_the_pictures_can_be_gone_to(browser: Browser, site: Site) -> None:
    page = sign_in(browser, site, "administrator")
    wrong = {}
    for name, scene in SCENES.items():
        scene(page, Person("administrator", PASSWORD))
        if found := violations(page):
            wrong[name] = found
    page.close()
    assert wrong == {}


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
    archivist.click("main >> text=Edit the description")
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


def test_on_a_phone_each_cell_says_its_column_and_the_place_is_in_sight(
    browser: Browser, site: Site
) -> None:
    page = sign_in(browser, site, "administrator", viewport=PHONE)
    for address in ("/quarantine", "/audit", "/settings/", "/me/notifications"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        cell = page.locator(".stacks tbody tr >> nth=0").locator("td, th").last
        assert cell.get_attribute("data-column") == page.locator("thead th").last.inner_text()
        box = cell.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"]
        assert page.get_by_role("table").get_by_role("row").count() > 1
        assert violations(page, without=CONTRAST) == []
    page.goto("/settings/")
    place = page.locator(".site-header__links [aria-current]").bounding_box()
    assert place is not None
    assert 0 <= place["x"] <= PHONE["width"] - place["width"]
    page.close()
