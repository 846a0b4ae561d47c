"""What every part of the client asks by: documents, pages, changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ParamSpec
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import orjson

from muniment.client.transport import Transport

P = ParamSpec("P")
Document = dict[str, Any]
"""JSON as the OpenAPI document tells it."""


class Shown(Document):
    """A document as it was shown; `etag` is what a change of it names as `seen`."""

    etag: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some items; `next` is the cursor of the following page, "" at the end."""

    items: tuple[Document, ...]
    next: str
    rest: Document
    """What else the answer holds: a total, facets."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks one server."""

    transport: Transport

    def _document(self, path: str, **query: object) -> Shown:
        said = {name: value for name, value in query.items() if value not in (None, "")}
        answer = self.transport.send("GET", f"{path}?{urlencode(said)}" if said else path)
        shown = Shown(answer.json())
        shown.etag = answer.headers.get("ETag", "")
        return shown

    def _page(self, path: str, **query: object) -> Page:
        found: Document = self.transport.get(path, **query)
        items, address = found.pop("items"), found.pop("next")
        cursor = parse_qs(urlsplit(address).query)["cursor"][0] if address else ""
        return Page(tuple(items), cursor, found)

    def _posted(self, path: str, body: object = None, *, is_kept: bool = True) -> Document:
        document: Document = self.transport.post(path, body, is_kept=is_kept)
        return document

    def _changed(self, method: str, path: str, body: object = None, *, seen: str = "") -> Shown:
        """Send PUT, PATCH or DELETE; `seen` is the ETag that is changed, "*" whatever it is."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if seen:
            headers["If-Match"] = seen
        sent = None if body is None else orjson.dumps(body)
        answer = self.transport.send(method, path, sent, headers)
        shown = Shown(answer.json() if answer.body else {})
        shown.etag = answer.headers.get("ETag", "")
        return shown

    def each(
        self, page: Callable[P, Page], *args: P.args, **wanted: P.kwargs
    ) -> Iterator[Document]:
        """Give the items of every page of a list: `client.each(client.jobs, kind="prune")`."""
        after = ""
        while True:
            found = page(*args, **{**wanted, "after": after})  # type: ignore[arg-type]  # a list has it
            yield from found.items
            if not (after := found.next):
                return

    def all_of(self, page: Callable[[str], Page]) -> Iterator[Document]:
        """Give the items of every page; `page` is asked with the cursor of each."""
        after = ""
        while True:
            found = page(after)
            yield from found.items
            if not (after := found.next):
                return


def segment(text: str) -> str:
    """Write a name as one part of an address."""
    return quote(text, safe="", errors="surrogateescape")
