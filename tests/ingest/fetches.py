"""Bags that leave files out and name them in fetch.txt, and the web where these are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from muniment.connectors.web import AllowedHosts
from muniment.connectors.web.adapters.memory import MemoryWeb, Page
from tests.ingest.packages import CONTENT, a_bag

BASE = "https://files.example"
LEFT_OUT = "list.csv"
URL = f"{BASE}/list.csv"


def a_lean_bag(
    place: Path,
    urls: Mapping[str, str] | None = None,
    *,
    content: Mapping[str, bytes] = CONTENT,
    length: str | None = None,
    base: str = BASE,
) -> Path:
    """Write a whole bag, then take out what `urls` names (list.csv without it) for fetch.txt."""
    urls = {LEFT_OUT: f"{base}/list.csv"} if urls is None else urls
    size = sum(map(len, content.values()))
    bag = a_bag(place, content, f"Payload-Oxum: {size}.{len(content)}\n")
    lines = []
    for name, url in urls.items():
        (bag / "data" / name).unlink()
        lines.append(f"{url} {len(content[name]) if length is None else length} data/{name}\n")
    (bag / "fetch.txt").write_text("".join(lines), encoding="utf-8")
    return bag


def a_web(pages: Mapping[str, Page] | None = None, *listed: str) -> MemoryWeb:
    """Serve pages by address; `listed` is the setting fetch_hosts."""
    known = {URL: Page(CONTENT[LEFT_OUT])} if pages is None else pages
    addresses = {"files.example": ["8.8.8.8"], "inner.example": ["10.0.0.1"]}
    return MemoryWeb(known, AllowedHosts(listed or ["files.example"]), addresses)
