"""What a repository developer does with an archive, one method each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import parse_qs, quote, urlsplit

from muniment.client.transport import Transport

Document = dict[str, Any]
"""JSON as the OpenAPI document tells it."""

_UNDER_WAY = frozenset({"queued", "running"})


@dataclass(frozen=True, slots=True)
class Page:
    """Some items; `next` is the cursor of the following page, "" at the end."""

    items: tuple[Document, ...]
    next: str
    rest: Document
    """What else the answer holds: a total, facets."""


@dataclass(frozen=True, slots=True)
class Client:
    """An archive behind its REST API. Methods raise the errors of `muniment.runtime.errors`."""

    transport: Transport

    @classmethod
    def at(cls, url: str, token: str = "") -> Client:
        """Speak to the site at `url`."""
        return cls(Transport(url, token))

    @classmethod
    def signed_in(cls, url: str, username: str, password: str, *, code: str = "") -> Client:
        """Sign in and speak to the site for the 15 minutes that the token lives."""
        body = {"username": username, "password": password, "code": code}
        return cls.at(url, str(Transport(url).post("auth/login", body, is_kept=False)["access"]))

    def sign_out(self) -> None:
        """End the token that signing in gave."""
        self.transport.send("POST", "auth/logout")

    def me(self) -> Document:
        """Return who one is there."""
        return self._document("me")

    def statistics(self) -> Document:
        """Return how many objects, files and bytes one may see."""
        return self._document("statistics")

    def objects(self, *, limit: int = 50, after: str = "", **wanted: object) -> Page:
        """Return a page of objects, newest first; `wanted`: filters, sort, count."""
        return self._page("objects", limit=limit, cursor=after, **wanted)

    def one_object(self, name: str, *, version: int | None = None) -> Document:
        """Return an object, by UUID or outside identifier."""
        return self._document(f"objects/{_part(name)}", version=version)

    def files(self, name: str, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of an object's files; `wanted`: version, name."""
        return self._page(f"objects/{_part(name)}/files", limit=limit, cursor=after, **wanted)

    def events(self, name: str, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of what happened to an object; `wanted`: type, outcome, file."""
        return self._page(f"objects/{_part(name)}/events", limit=limit, cursor=after, **wanted)

    def tag(self, name: str, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> list[str]:
        """Hang tags on and take others off; return those that are there."""
        body = {"add": list(add), "remove": list(remove)}
        tags: list[str] = self.transport.post(f"objects/{_part(name)}/tags", body)["tags"]
        return tags

    def search(
        self,
        query: str,
        *,
        sort: str = "relevance",
        facets: str = "",
        limit: int = 20,
        after: str = "",
    ) -> Page:
        """Return a page of hits; `rest` holds `total` and `facets`."""
        return self._page("search", q=query, sort=sort, facets=facets, limit=limit, cursor=after)

    def content(self, file_id: str, *, part: tuple[int, int] | None = None) -> bytes:
        """Return the bytes of a file, or those from first to last; for small ones."""
        headers = {} if part is None else {"Range": f"bytes={part[0]}-{part[1]}"}
        return self.transport.send("GET", f"files/{_part(file_id)}/content", headers=headers).body

    def submissions(
        self, *, verdicts: Sequence[str] = (), limit: int = 50, after: str = "", **wanted: object
    ) -> Page:
        """Return a page of submissions, newest first; `wanted`: filters, sort, count."""
        verdict = ",".join(verdicts)
        return self._page("submissions", verdict=verdict, limit=limit, cursor=after, **wanted)

    def submission(self, name: str) -> Document:
        """Return a submission with its steps and findings."""
        return self._document(f"submissions/{_part(name)}")

    def announce(self, path: str, **more: object) -> Document:
        """Hand in what lies on the server; `more`: pipeline, object_id, dry_run."""
        document: Document = self.transport.post("announcements", {"path": path, **more})
        return document

    def hand_in(self, name: str, package: IO[bytes], size_bytes: int, **more: object) -> Document:
        """Upload a packed package (zip or tar) and hand it in; `more`: pipeline, dry_run, title."""
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Length": str(size_bytes),
            "Content-Disposition": f"attachment; filename*=UTF-8''{_part(name)}",
        }
        said = "&".join(f"{each}={_part(str(value))}" for each, value in more.items() if value)
        path = f"sips?{said}" if said else "sips"
        document: Document = self.transport.send("POST", path, package, headers).json()
        return document

    def verdict(
        self, name: str, *, every_s: float = 1.0, sleep: Callable[[float], None] = time.sleep
    ) -> Document:
        """Wait until a submission is no longer under way, or waits for a person; return it."""
        while (found := self.submission(name))["verdict"] in _UNDER_WAY and not found["reason"]:
            sleep(every_s)
        return found

    def jobs(
        self, *, states: Sequence[str] = (), limit: int = 50, after: str = "", **wanted: object
    ) -> Page:
        """Return a page of jobs, newest first; `wanted`: filters, sort, count."""
        return self._page("jobs", state=",".join(states), limit=limit, cursor=after, **wanted)

    def job(self, number: int) -> Document:
        """Return a job with its history."""
        return self._document(f"jobs/{number}")

    def retry(self, number: int) -> Document:
        """Queue a job again."""
        return self._changed_job(number, "retry")

    def cancel(self, number: int) -> Document:
        """Cancel a job."""
        return self._changed_job(number, "cancel")

    def release(self, number: int, *, choice: str = "") -> Document:
        """Let a held job go on."""
        return self._changed_job(number, "release", {"choice": choice})

    def all_of(self, page: Callable[[str], Page]) -> Iterator[Document]:
        """Give the items of every page; `page` is asked with the cursor of each."""
        after = ""
        while True:
            found = page(after)
            yield from found.items
            if not (after := found.next):
                return

    def _changed_job(self, number: int, verb: str, body: Document | None = None) -> Document:
        document: Document = self.transport.post(f"jobs/{number}/{verb}", body)
        return document

    def _document(self, path: str, **query: object) -> Document:
        document: Document = self.transport.get(path, **query)
        return document

    def _page(self, path: str, **query: object) -> Page:
        found: Document = self.transport.get(path, **query)
        items, address = found.pop("items"), found.pop("next")
        cursor = parse_qs(urlsplit(address).query)["cursor"][0] if address else ""
        return Page(tuple(items), cursor, found)


def _part(text: str) -> str:
    return quote(text, safe="", errors="surrogateescape")
