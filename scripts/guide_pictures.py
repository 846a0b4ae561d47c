"""Takes the pictures of the guides in `docs/for/` from a running site that `muniment demo` filled.

python -m scripts.guide_pictures ADDRESS USER < password

They are committed, with few colours and below 60 kB each: who builds the documentation needs no
browser and no site, and a change of a page that a guide shows is seen by whoever reviews it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from pathlib import Path

from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

from scripts.screenshots import ARGUMENTS, CHROMIUM, LOOKS, Person, opened, sign_in
from scripts.site_pages import things

FOLDER = Path(__file__).parents[1] / "docs" / "for" / "pictures"
MOST_BYTES = 60_000
_COLOURS = 48
_SIZE = ViewportSize(width=1120, height=720)

PICTURES: Mapping[str, str] = {
    "dashboard": "/dashboard/",
    "hand-in": "/submissions/new",
    "submission": "{accepted}",
    "quarantine": "{quarantined}",
    "search": "/objects",
    "object": "{object}",
    "events": "{object}/events",
    "pipeline": "/pipelines/default",
    "users": "/users",
    "settings": "/settings/",
    "audit": "/audit",
    "tokens": "/me/",
}


def main() -> None:
    """Take them."""
    address, user = sys.argv[1:3]
    who = Person(user, sys.stdin.readline().rstrip("\n"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        page = opened(browser, address, LOOKS[0]).new_page()
        page.set_viewport_size(_SIZE)
        page.goto("/login/")
        sign_in(page, who)
        found = things(page)
        for name, where in PICTURES.items():
            page.goto(where.format_map(found))
            keep(page.screenshot(), FOLDER / f"{name}.png")
        browser.close()


def keep(picture: bytes, path: Path) -> None:
    """Write a picture with few colours; one that is still large is a fault of this script."""
    made = io.BytesIO()
    few = Image.open(io.BytesIO(picture)).convert("RGB").quantize(_COLOURS)
    few.save(made, "PNG", optimize=True)
    if made.tell() > MOST_BYTES:
        raise SystemExit(f"{path.name} has {made.tell()} bytes: show less, or take fewer colours")
    path.write_bytes(made.getvalue())


if __name__ == "__main__":
    main()
