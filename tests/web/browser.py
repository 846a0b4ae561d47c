"""A real browser on a real site: granian in a process of its own, Debian's Chromium, axe."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, Playwright

from scripts.screenshots import ARGUMENTS, CHROMIUM
from tests.archives import Archive
from tests.eventually import eventually

AXE = Path(__file__).parents[2] / ".cache" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "quiet harbour 1907"


@dataclass(frozen=True, slots=True)
class Site:
    """A site that serves an archive."""

    archive: Archive
    address: str


@contextmanager
def serving(archive: Archive) -> Iterator[Site]:
    """Serve the archive on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = archive.start("web", "--port", str(port), "--processes", "1", "--quiet")
    address = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: answers(address), within_s=60)
        yield Site(archive, address)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def answers(address: str) -> bool:
    """Say whether a site is ready at the address."""
    try:
        with urlopen(f"{address}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def launch(player: Playwright) -> Browser:
    """Start Debian's Chromium."""
    return player.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))


def sign_in(browser: Browser, site: Site, user: str, *, language: str = "en", **more: Any) -> Page:  # noqa: ANN401  # of the browser
    """Open a window and sign in by the form; what the console says fails the test later."""
    page = browser.new_page(base_url=site.address, locale=language, **more)
    page.goto("/login/")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/dashboard/")
    return page


def violations(page: Page) -> list[str]:
    """Return what axe finds on the page by WCAG 2.2 A and AA: rule, element, why."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "async () => (await axe.run({runOnly: ['wcag2a','wcag2aa','wcag21aa','wcag22aa']}))"
        ".violations"
    )
    return [
        f"{each['id']}: {node['html'][:120]} ({node['failureSummary'][:200]})"
        for each in found
        for node in each["nodes"]
    ]
