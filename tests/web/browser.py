"""A real browser on a real site: granian in a process of its own, Debian's Chromium, axe."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, Playwright

from scripts.screenshots import ARGUMENTS, CHROMIUM, Person
from scripts.screenshots import sign_in as fill_in
from tests.archives import Archive
from tests.eventually import eventually

AXE = Path(__file__).parents[2] / ".cache" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "quiet harbour 1907"
CONTRAST = "color-contrast"
"""The slowest rule of axe, and the only one that a language says nothing about."""
_USERS = """
from muniment.administration.services.users import NewUser, add_user
from muniment.runtime.clock import SystemClock
for role in {roles}:
    add_user(NewUser(role, "", "", {password!r}, [role + "s"]), actor=SYSTEM, clock=SystemClock())
"""


@dataclass(frozen=True, slots=True)
class Site:
    """A site that serves an archive."""

    archive: Archive
    address: str


def with_users(archive: Archive, *roles: str, then: str = "") -> Archive:
    """Add a user of each role, called like it; `then` is Python that is run besides."""
    code = _USERS.format(roles=roles, password=PASSWORD)
    made = archive.run(
        "shell", "--command", "from muniment.runtime.actor import SYSTEM" + code + then
    )
    assert made.code == 0, made.err
    return archive


@contextmanager
def serving(archive: Archive, port: int = 0) -> Iterator[Site]:
    """Serve the archive on a free port until the block ends."""
    port = port or free_port()
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


def free_port() -> int:
    """Return a port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
    """Open a window and sign in by the form."""
    page = browser.new_page(base_url=site.address, locale=language, **more)
    page.goto("/login/")
    fill_in(page, Person(user, PASSWORD))
    return page


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page, *, only: str = "", without: str = "") -> list[str]:
    """Return what axe finds on the page by WCAG 2.2 A and AA: rule, element, why.

    `only` and `without` name a rule; on a page that axe has looked at already, it is still there.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    options: dict[str, object] = {
        "runOnly": [only] if only else ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"],
        "rules": {without: {"enabled": False}} if without else {},
        "resultTypes": ["violations"],
        "preload": False,
    }
    found = page.evaluate("async (options) => (await axe.run(options)).violations", options)
    return [
        f"{each['id']}: {node['html'][:120]} ({node['failureSummary'][:200]})"
        for each in found
        for node in each["nodes"]
    ]
