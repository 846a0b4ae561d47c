"""Takes a picture of every page of a running site: English and French, light, dark, phone.

python -m scripts.screenshots ADDRESS USER FOLDER < password
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PAGES = (
    "/dashboard/",
    "/objects",
    "/objects?q=nothing-is-like-this",
    "/submissions",
    "/submissions/new",
    "/submissions/announce",
    "/quarantine",
    "/jobs",
    "/pipelines",
    "/pipelines/default",
    "/pipelines/default/edit",
    "/pipelines/new",
    "/schedules",
    "/schedules/fixity",
    "/schedules/new",
    "/settings/",
    "/styleguide/",
    "/fixity",
    "/users",
    "/users/administrator",
    "/groups",
    "/groups/administrators",
    "/webhooks",
    "/audit",
    "/me/",
    "/me/password",
    "/me/second-factor",
    "/password/forgotten",
    "/help/",
    "/no-such-page",
)


@dataclass(frozen=True, slots=True)
class Look:
    """A language, a scheme of colours and a width."""

    language: str
    scheme: str
    width: int

    @property
    def name(self) -> str:
        """What the pictures are called after."""
        return f"{self.language}-{self.scheme}-{self.width}"


LOOKS = (
    Look("en", "light", 1280),
    Look("fr", "light", 1280),
    Look("en", "dark", 1280),
    Look("en", "light", 390),
)


def signed_in(browser: Browser, address: str, look: Look, user: str, password: str) -> Page:
    """Open the site and sign in."""
    page = browser.new_page(
        color_scheme="dark" if look.scheme == "dark" else "light",
        viewport={"width": look.width, "height": 900},
        locale=look.language,
        base_url=address,
    )
    page.goto("/login/")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    return page


def every_page(page: Page) -> Iterator[str]:
    """Give the addresses: the fixed ones, and one of each kind that is found by its link."""
    yield from PAGES
    page.goto("/objects")
    first = page.locator(".hit a").last.get_attribute("href") or "/objects"
    for part in ("", "/files", "/events", "/versions", "/description"):
        yield first + part
    yield first + "/files?in=original"
    page.goto(first + "/files?name=.")
    yield page.locator("td a").first.get_attribute("href") or "/"
    for listing, more in (
        ("/submissions?verdict=refused", "/receipt"),
        ("/submissions?verdict=accepted", "/receipt"),
        ("/quarantine", "/delete"),
        ("/jobs", ""),
    ):
        page.goto(listing)
        found = page.locator("td a").first.get_attribute("href") or "/"
        yield found
        if more:
            yield found + more


def main() -> None:
    """Take them."""
    address, user, folder = sys.argv[1:4]
    password = sys.stdin.readline().rstrip("\n")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for look in LOOKS:
            place = Path(folder) / look.name
            place.mkdir(parents=True, exist_ok=True)
            page = signed_in(browser, address, look, user, password)
            for number, each in enumerate(every_page(page)):
                page.goto(each)
                page.screenshot(path=place / f"{number:02}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
