"""Uploads of files and folders that go on after a cut: what is there is not sent again.

Large files go in pieces by tus; small ones many at once in a form, for a request costs more than
its bytes. Every file is digested here and compared with what the server has of it.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import unquote_to_bytes

from muniment.client.asking import Document
from muniment.client.client import Client
from muniment.client.forms import form_of
from muniment.runtime.digests import digest_stream
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import Conflict, DigestMismatch, InvalidArgument, Unavailable

PIECE_BYTES = 8 << 20
SMALL_BYTES = 256 << 10
FORM_BYTES = 8 << 20
FORM_FILES = 250
_CUTS = 10
# What the name of a field is not written otherwise on the way for.
_PLAIN = re.compile(r'(?!\s)[^\x00-\x1f\x7f"\\]+(?<!\s)')

Known = Mapping[bytes, Document]
Sent = Callable[[int, int], None]
"""Told how many files and bytes went over just now."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file to be sent: the bytes of its path in the package, and where it lies."""

    name: bytes
    path: Path
    size_bytes: int


def upload_file(
    client: Client, deposit: str, name: bytes, package: IO[bytes], *, piece_bytes: int = PIECE_BYTES
) -> None:
    """Send a file in pieces, from where the server has it, through cuts of the connection.

    Raises Unavailable where ten cuts in a row brought nothing, DigestMismatch.
    """
    size_bytes = package.seek(0, 2)
    _in_pieces(client, deposit, name, package, known_files(client, deposit), piece_bytes)
    package.seek(0)
    ours = digest_stream(package, ["sha256"]).by_algorithm["sha256"]  # type: ignore[arg-type]  # a binary file
    _compare(client, deposit, {name: (size_bytes, ours)})


def upload_folder(
    client: Client,
    deposit: str,
    folder: Path,
    *,
    piece_bytes: int = PIECE_BYTES,
    sent: Sent = lambda _files, _bytes: None,
) -> int:
    """Send every file of a folder that is not there already; return how many files it has.

    Called again after a cut, it goes on. Raises InvalidArgument for what is no file or folder,
    Unavailable where ten cuts in a row brought nothing, DigestMismatch.
    """
    known = known_files(client, deposit)
    digests: dict[bytes, tuple[int, str]] = {}
    small: list[tuple[LocalFile, bytes]] = []
    for file in files_in(folder):
        with storage_errors(str(file.path)), file.path.open("rb") as content:
            if file.size_bytes <= SMALL_BYTES and _PLAIN.fullmatch(os.fsdecode(file.name)):
                body = content.read()
                digests[file.name] = (len(body), hashlib.sha256(body).hexdigest())
                if not _is_there(known, file.name, digests[file.name]):
                    small.append((file, body))
            else:
                digest = digest_stream(content, ["sha256"]).by_algorithm["sha256"]
                digests[file.name] = (file.size_bytes, digest)
                if not _is_there(known, file.name, digests[file.name]):
                    _in_pieces(client, deposit, file.name, content, known, piece_bytes)
                    sent(1, file.size_bytes)
        if len(small) >= FORM_FILES or sum(len(body) for _, body in small) >= FORM_BYTES:
            _in_a_form(client, deposit, small, sent)
            small = []
    _in_a_form(client, deposit, small, sent)
    _compare(client, deposit, digests)
    return len(digests)


def known_files(client: Client, deposit: str) -> Known:
    """Return what the server has of a deposit, by the bytes of the path."""
    rows = client.each(client.deposit_files, deposit)
    return {unquote_to_bytes(row["url"].partition("/files/")[2]): row for row in rows}


def files_in(folder: Path) -> Iterator[LocalFile]:
    """Give the files of a folder in the order of their paths; raises InvalidArgument for others."""
    for path, folders, names in os.walk(os.fsencode(folder)):
        folders.sort()
        for name in sorted(names):
            whole = os.path.join(path, name)  # noqa: PTH118  # bytes: a name need not be text
            with storage_errors(os.fsdecode(whole)):
                found = os.lstat(whole)
            if not stat.S_ISREG(found.st_mode):
                raise InvalidArgument(f"{os.fsdecode(whole)} is no file: it cannot be uploaded")
            relative = os.path.relpath(whole, os.fsencode(folder))
            yield LocalFile(relative, Path(os.fsdecode(whole)), found.st_size)


def _is_there(known: Known, name: bytes, wanted: tuple[int, str]) -> bool:
    row = known.get(name)
    if row is None or not row["is_complete"]:
        return False
    return (row["size_bytes"], row["digests"].get("sha256")) == wanted


def _in_pieces(
    client: Client, deposit: str, name: bytes, content: IO[bytes], known: Known, piece_bytes: int
) -> None:
    size_bytes = content.seek(0, 2)
    row, at, left = known.get(name), 0, _CUTS
    if row and row["size_bytes"] == size_bytes and not row["is_complete"]:
        at = int(row["received_bytes"])
    else:
        client.begin_file(deposit, name, size_bytes)
    while at < size_bytes:
        content.seek(at)
        try:
            now = client.send_piece(deposit, name, at, content.read(piece_bytes))
        except (Unavailable, Conflict) as exc:  # a cut, or the end of one that holds the file yet
            left -= 1
            if not left:
                raise
            client.transport.rest(getattr(exc, "retry_after_s", None) or 1.0)
            now = client.received(deposit, name)
        left = _CUTS if now > at else left
        at = now


def _in_a_form(
    client: Client, deposit: str, files: Sequence[tuple[LocalFile, bytes]], sent: Sent
) -> None:
    """Send small files at once; after a cut, those that did not come."""
    missing, left = list(files), _CUTS
    while missing:
        body, kind = form_of([(each.name, body) for each, body in missing])
        try:
            client.send_form(deposit, body, kind)
        except (Unavailable, Conflict) as exc:
            left -= 1
            if not left:
                raise
            client.transport.rest(getattr(exc, "retry_after_s", None) or 1.0)
            known = known_files(client, deposit)
            wanted = [(len(body), hashlib.sha256(body).hexdigest()) for _, body in missing]
            missing = [
                each
                for each, digest in zip(missing, wanted, strict=True)
                if not _is_there(known, each[0].name, digest)
            ]
        else:
            missing = []
    if files:
        sent(len(files), sum(len(body) for _, body in files))


def _compare(client: Client, deposit: str, wanted: Mapping[bytes, tuple[int, str]]) -> None:
    """Take back what is not there as it is here, and raise DigestMismatch."""
    known = known_files(client, deposit)
    other = [name for name in wanted if not _is_there(known, name, wanted[name])]
    for name in set(other) & set(known):
        client.take_back(deposit, name)
    if other:
        more = f" and {len(other) - 1} more" if len(other) > 1 else ""
        raise DigestMismatch(
            f"{os.fsdecode(other[0])}{more} did not come as it is here: send it again"
        )
