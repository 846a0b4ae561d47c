"""Deposits, submissions and the quarantine."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import IO
from urllib.parse import quote

from muniment.client.asking import Asking, Document, Page, Shown, segment
from muniment.client.tus import VERSION, creation, piece

_UNDER_WAY = frozenset({"queued", "running"})


class HandingIn(Asking):
    """What goes into the archive. Whole files and folders: `muniment.client.uploads`."""

    __slots__ = ()

    def deposits(self, *, limit: int = 50, after: str = "", **wanted: object) -> Page:
        """Return a page of one's deposits, newest first; `wanted`: state, kind, sort, count."""
        return self._page("deposits", limit=limit, cursor=after, **wanted)

    def make_deposit(self, *, kind: str = "files", title: str = "", **more: object) -> Document:
        """Make a place to upload to; `more`: source, recid, metadata, expected_files, pipeline."""
        return self._posted("deposits", {"kind": kind, "title": title, **more})

    def deposit(self, name: str) -> Shown:
        """Return a deposit, and the submission that it became."""
        return self._document(f"deposits/{segment(name)}")

    def delete_deposit(self, name: str) -> None:
        """Delete a deposit that was not handed in, with its files."""
        self._changed("DELETE", f"deposits/{segment(name)}")

    def deposit_files(
        self, name: str, *, limit: int = 500, after: str = "", **wanted: object
    ) -> Page:
        """Return a page of a deposit's files, each with how much of it has come."""
        return self._page(f"deposits/{segment(name)}/files", limit=limit, cursor=after, **wanted)

    def begin_file(self, name: str, path: bytes, size_bytes: int) -> Document:
        """Begin a file that comes in pieces (tus); `url` is where they go."""
        path_of_files = f"deposits/{segment(name)}/files"
        answer = self.transport.send("POST", path_of_files, b"", creation(path, size_bytes))
        documents: list[Document] = answer.json()
        return documents[0]

    def send_file(self, name: str, path: bytes, body: bytes, *, digest: str = "") -> Document:
        """Send a whole file; `digest` as Repr-Digest says it."""
        headers = {"Content-Type": "application/octet-stream"}
        if digest:
            headers["Repr-Digest"] = digest
        document: Document = self.transport.send("PUT", file_of(name, path), body, headers).json()
        return document

    def send_form(self, name: str, body: bytes, media_type: str) -> list[Document]:
        """Send small files at once, by a form in which each field is called as its file."""
        path, headers = f"deposits/{segment(name)}/files", {"Content-Type": media_type}
        documents: list[Document] = self.transport.send("POST", path, body, headers).json()
        return documents

    def received(self, name: str, path: bytes) -> int:
        """Return how many bytes of a file are there, durably (tus)."""
        answer = self.transport.send("HEAD", file_of(name, path), headers=VERSION)
        return int(answer.headers["Upload-Offset"])

    def send_piece(self, name: str, path: bytes, at: int, block: bytes) -> int:
        """Send the next bytes of a file (tus); return how many are there now."""
        answer = self.transport.send("PATCH", file_of(name, path), block, piece(at, block))
        return int(answer.headers["Upload-Offset"])

    def take_back(self, name: str, path: bytes) -> None:
        """Take a file of a deposit back."""
        self._changed("DELETE", file_of(name, path))

    def finalise(self, name: str, *, pipeline: str = "", dry_run: bool = False) -> Document:
        """Hand in a deposit; return its submission."""
        body = {"pipeline": pipeline, "dry_run": dry_run}
        return self._posted(f"deposits/{segment(name)}/finalise", body)

    def announce(self, path: str, **more: object) -> Document:
        """Hand in what lies on the server; `more`: pipeline, object_id, dry_run."""
        return self._posted("announcements", {"path": path, **more})

    def hand_in(self, name: str, package: IO[bytes], size_bytes: int, **more: object) -> Document:
        """Upload a packed package (zip or tar) in one request; `more`: pipeline, dry_run, title."""
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Length": str(size_bytes),
            "Content-Disposition": f"attachment; filename*=UTF-8''{segment(name)}",
        }
        said = "&".join(f"{each}={segment(str(value))}" for each, value in more.items() if value)
        path = f"sips?{said}" if said else "sips"
        document: Document = self.transport.send("POST", path, package, headers).json()
        return document

    def submissions(
        self, *, verdicts: Sequence[str] = (), limit: int = 50, after: str = "", **wanted: object
    ) -> Page:
        """Return a page of submissions, newest first; `wanted`: filters, sort, count."""
        verdict = ",".join(verdicts)
        return self._page("submissions", verdict=verdict, limit=limit, cursor=after, **wanted)

    def submission(self, name: str) -> Shown:
        """Return a submission with its steps and findings."""
        return self._document(f"submissions/{segment(name)}")

    def decide(self, name: str, choice: str) -> Document:
        """Answer what a submission waits for."""
        return self._posted(f"submissions/{segment(name)}/decision", {"choice": choice})

    def receipt(self, name: str) -> Document:
        """Return the receipt of an ended submission."""
        return self._document(f"submissions/{segment(name)}/receipt")

    def verdict(
        self, name: str, *, every_s: float = 1.0, sleep: Callable[[float], None] = time.sleep
    ) -> Document:
        """Wait until a submission is no longer under way, or waits for a person; return it."""
        while (found := self.submission(name))["verdict"] in _UNDER_WAY and not found["reason"]:
            sleep(every_s)
        return found

    def quarantine(self, *, limit: int = 50, after: str = "", **wanted: object) -> Page:
        """Return a page of the refused packages that are kept, newest first."""
        return self._page("quarantine", limit=limit, cursor=after, **wanted)

    def quarantined(self, name: str, *, limit: int = 500, after: int = 0) -> Document:
        """Return a refused package with a page of its findings."""
        return self._document(f"quarantine/{segment(name)}", limit=limit, cursor=after or "")

    def delete_quarantined(self, name: str) -> None:
        """Delete a refused package; its receipt stays."""
        self._changed("DELETE", f"quarantine/{segment(name)}")

    def send_again(self, name: str, *, pipeline: str = "", dry_run: bool = False) -> Document:
        """Hand in a refused package again, as it is kept."""
        body = {"pipeline": pipeline, "dry_run": dry_run}
        return self._posted(f"quarantine/{segment(name)}/again", body)


def file_of(deposit: str, path: bytes) -> str:
    """Return the address of a file of a deposit: its path, byte for byte."""
    return f"deposits/{segment(deposit)}/files/{quote(path)}"
