"""Pages that are watched in a real browser while what they stand on is killed or taken away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.archives import Archive, ArchiveTemplate
from tests.ingest.packages import a_folder
from tests.web.browser import Site, free_port, serving, sign_in, with_users

pytestmark = [pytest.mark.tool("chromium"), pytest.mark.database, pytest.mark.slow]

LOST = "The archive does not answer"
OVER = "This page is not kept up to date any more"
SOON = 30_000
"""Milliseconds: the machine may be busy, a poll comes every two seconds."""


@pytest.fixture(scope="module")
def archive(
    archive_template: ArchiveTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Archive]:
    """An archive that no worker serves unless a test starts one."""
    made = archive_template.copy(tmp_path_factory.mktemp("live") / "archive")
    yield with_users(made, "archivist", "depositor", "manager")
    made.remove()


@pytest.fixture(scope="module")
def site(archive: Archive) -> Iterator[Site]:
    """It, served."""
    with serving(archive) as served:
        yield served


def handed_in(archive: Archive, place: Path) -> str:
    """Hand a folder in that nobody works on yet; return its address."""
    letters = a_folder(place / "letters")
    answer = archive.run("ingest", letters, "--no-wait", "--json").json()
    return f"/submissions/{answer['submissions'][0]['submission_id']}"


def done(archive: Archive, code: str) -> None:
    """Run Python in the archive, as whoever administers it elsewhere."""
    made = archive.run("shell", "--command", code)
    assert made.code == 0, made.err


def watching(page: Page, address: str) -> None:
    """Open a page and mark it: a page that is loaded anew has lost the mark."""
    page.goto(address)
    page.evaluate("window.mark = 'the same page'")


def is_the_same(page: Page) -> bool:
    return bool(page.evaluate("window.mark === 'the same page'"))


def test_steps_show_as_they_are_done_and_a_killed_worker_is_replaced(
    archivist: Page, site: Site, tmp_path: Path
) -> None:
    watching(archivist, handed_in(site.archive, tmp_path))
    expect(archivist.locator("#run .state").first).to_have_text("queued")
    dying = site.archive.start("worker", "--once", MUNIMENT_FAILPOINT="ingest.step-recorded@4")
    expect(archivist.locator("#run td .state--good")).to_have_count(4, timeout=SOON)
    dying.communicate(timeout=60)
    assert dying.returncode == -9
    expect(archivist.locator("#run .state").first).to_have_text("running")
    assert is_the_same(archivist)
    assert site.archive.run("worker", "--once").code == 0
    expect(archivist.locator("#run .state").first).to_have_text("accepted", timeout=SOON)


def test_a_site_that_is_killed_is_told_of_and_watched_again(
    browser: Browser, archive: Archive, tmp_path: Path
) -> None:
    port, address = free_port(), handed_in(archive, tmp_path)
    with serving(archive, port) as first:
        page = sign_in(browser, first, "archivist")
        watching(page, address)
        expect(page.get_by_text(LOST)).to_be_hidden()
    expect(page.get_by_text(LOST)).to_be_visible(timeout=SOON)
    expect(page.locator("#run .state").first).to_have_text("queued")
    with serving(archive, port):
        expect(page.get_by_text(LOST)).to_be_hidden(timeout=SOON)
        assert is_the_same(page)
        assert archive.run("worker", "--once").code == 0
        expect(page.locator("#run .state").first).to_have_text("accepted", timeout=SOON)
    page.close()


def test_a_role_that_is_taken_away_ends_what_is_watched(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    page = sign_in(browser, site, "manager")
    watching(page, handed_in(site.archive, tmp_path))
    done(
        site.archive,
        "User.objects.get(username='manager').groups.clear()",
    )
    assert site.archive.run("worker", "--once").code == 0
    expect(page.get_by_text(OVER)).to_be_visible(timeout=SOON)
    assert is_the_same(page)
    expect(page.locator("#run .state").first).to_have_text("queued")
    page.close()


def test_a_session_that_ends_does_not_put_the_sign_in_page_into_the_page(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    page = sign_in(browser, site, "archivist")
    watching(page, handed_in(site.archive, tmp_path))
    page.context.clear_cookies(name="sessionid")
    assert site.archive.run("worker", "--once").code == 0
    expect(page.get_by_text(OVER)).to_be_visible(timeout=SOON)
    assert page.locator("input[name=password]").count() == 0
    page.get_by_text("Load it again").click()
    page.wait_for_url("**/login/**")
    page.close()


def test_a_session_that_ends_keeps_what_was_typed(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    found = site.archive.ingest(a_folder(tmp_path / "diary"))[0]["object_id"]
    page = sign_in(browser, site, "archivist")
    page.goto(f"/objects/{found}/description")
    page.fill("main textarea", "title = A diary, typed for an hour\n")
    done(
        site.archive,
        "from django.contrib.sessions.models import Session; Session.objects.all().delete()",
    )
    page.click("main form button[type=submit]")
    page.wait_for_url("**/login/**")
    page.fill("input[name=username]", "archivist")
    page.fill("input[name=password]", "quiet harbour 1907")
    page.click("main button[type=submit]")
    expect(page.locator("main pre").last).to_contain_text("A diary, typed for an hour")
    page.click("main button >> text=Send it")
    page.wait_for_url(f"**/objects/{found}")
    assert page.locator("h1").inner_text() == "A diary, typed for an hour"
    page.close()
