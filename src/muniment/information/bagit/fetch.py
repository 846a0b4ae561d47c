"""fetch.txt: files that were not sent (RFC 8493 §2.2.3). It is read here; nothing is fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from muniment.information.bagit.declaration import CODES, Declaration
from muniment.information.bagit.names import decode_manifest_path, is_unsafe, key_of
from muniment.information.bagit.tag_files import read_lines
from muniment.information.paths import shown
from muniment.runtime.findings import Finding

NAME = "fetch.txt"
_URL = re.compile(r"(?:https?|ftp|root|eos)://[^\s/]\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FetchItem:
    """One file to be fetched; `key` as in manifests, the size None where it is not told."""

    url: str
    size_bytes: int | None
    key: str


def read_fetch(bag: Path, declaration: Declaration, findings: list[Finding]) -> list[FetchItem]:
    """Read fetch.txt; an absent one is empty."""
    if not (bag / NAME).is_file():
        return []
    items = []
    for number, line in read_lines(bag, NAME, declaration, findings):
        parts = line.split(maxsplit=2)
        if len(parts) != 3 or not (parts[1] == "-" or _is_number(parts[1])):
            findings.append(CODES.finding("fetch-line", path=NAME, line=str(number)))
            continue
        url, size, written = parts
        path = decode_manifest_path(written, with_percent=declaration.encodes_percent)
        if not is_address(url):
            findings.append(CODES.finding("fetch-url", path=NAME, line=str(number), url=shown(url)))
        if is_unsafe(path) or not path.startswith("data/"):
            entry = shown(path)
            findings.append(CODES.finding("fetch-unsafe", path=NAME, line=str(number), entry=entry))
            continue
        items.append(FetchItem(url, None if size == "-" else int(size), key_of(path)))
    return items


def is_address(url: str) -> bool:
    """Say whether a line may name this address: no white space, a scheme of rule S14."""
    return _URL.fullmatch(url) is not None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 20
