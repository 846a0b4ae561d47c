"""Takes a picture of every page of a running site: English and French, light, dark, phone.

Of an empty archive it takes those that there are.

python -m scripts.screenshots ADDRESS USER FOLDER [LOOK…] < password
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, sync_playwright

from scripts.site_pages import every_page, things, visited_pages

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SESSION = "sessionid"


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


@dataclass(frozen=True, slots=True)
class Person:
    """Who signs in."""

    name: str
    password: str


LOOKS = (
    Look("en", "light", 1280),
    Look("fr", "light", 1280),
    Look("en", "dark", 1280),
    Look("fr", "dark", 390),
    Look("en", "light", 390),
)


def opened(browser: Browser, address: str, look: Look) -> BrowserContext:
    """Open a browser of nobody."""
    return browser.new_context(
        color_scheme="dark" if look.scheme == "dark" else "light",
        viewport={"width": look.width, "height": 900},
        locale=look.language,
        base_url=address,
    )


def sign_in(page: Page, who: Person, then: str = "**/dashboard/") -> None:
    """Sign in by the form that is shown."""
    page.fill("input[name=username]", who.name)
    page.fill("input[name=password]", who.password)
    page.click("main button[type=submit]")
    page.wait_for_url(then)


def _second_factor(page: Page, _: Person) -> None:
    page.goto("/me/second-factor")
    begin = page.locator("form[action$=begin] button")
    if begin.count():
        begin.click()


def _refused_form(page: Page, who: Person) -> None:
    page.goto("/users")
    page.click("main details summary")
    page.fill("main input[name=username]", who.name)
    page.fill("main input[name=full_name]", "Somebody with a name that is taken")
    page.click("form[action='/users/new'] button")


def _chosen_files(page: Page, _: Person) -> None:
    page.goto("/submissions/new")
    letter = FilePayload(name="letter.txt", mimeType="text/plain", buffer=b"Dear Ada,\n")
    page.set_input_files("input[name=files]", letter)


def _chosen_objects(page: Page, _: Person) -> None:
    page.goto("/objects")
    page.check("input[name=object] >> nth=0")


def _kept_form(page: Page, who: Person) -> None:
    """Let the session end while a form is open, and sign in anew."""
    page.goto("/objects")
    page.click(".hit a >> nth=0")
    page.fill("input[name=add]", "harbour")
    page.context.clear_cookies(name=SESSION)
    page.click("main form:has(input[name=add]) button")
    page.wait_for_url("**/login/**")
    sign_in(page, who, "**/kept/")


# What an address alone does not show: how to come there, signed in.
SCENES: Mapping[str, Callable[[Page, Person], None]] = {
    "second-factor-begun": _second_factor,
    "form-refused": _refused_form,
    "files-chosen": _chosen_files,
    "objects-chosen": _chosen_objects,
    "kept": _kept_form,
}
NEED_OBJECTS = frozenset({"objects-chosen", "kept"})
"""Scenes that an empty archive does not have."""


def name_of(address: str) -> str:
    """Return what the picture of an address is called: its words, identifiers left out."""
    words = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "one", address)
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def take(page: Page, place: Path, addresses: Iterable[str]) -> None:
    """Go to each address and take its picture, whole."""
    for address in addresses:
        page.goto(address)
        page.screenshot(path=_free(place, name_of(address)), full_page=True)


def _free(place: Path, name: str) -> Path:
    """Return a name for a picture, numbered from the second of its kind on."""
    path, number = place / f"{name}.png", 1
    while path.exists():
        number += 1
        path = place / f"{name}-{number}.png"
    return path


def main() -> None:
    """Take them."""
    address, user, folder, *names = sys.argv[1:]
    who = Person(user, sys.stdin.readline().rstrip("\n"))
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for look in LOOKS:
            if names and look.name not in names:
                continue
            place = Path(folder) / look.name
            place.mkdir(parents=True, exist_ok=True)
            context = opened(browser, address, look)
            page = context.new_page()
            take(page, place, visited_pages())
            page.goto("/login/")
            sign_in(page, who)
            take(page, place, every_page(page))
            has_objects = "object" in things(page)
            for name, scene in SCENES.items():
                if name in NEED_OBJECTS and not has_objects:
                    continue
                scene(page, who)
                page.screenshot(path=_free(place, name), full_page=True)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
