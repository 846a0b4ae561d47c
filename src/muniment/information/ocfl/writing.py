"""Writes an inventory as a stream: the same inventory always gives the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from typing import BinaryIO

import orjson

from muniment.information.ocfl.index import InventoryIndex
from muniment.information.ocfl.types import (
    DEFAULT_CONTENT_DIRECTORY,
    VersionRecord,
    inventory_type,
)

_BLOCK_BYTES = 256 * 1024


def write_inventory(stream: BinaryIO, index: InventoryIndex) -> str:
    """Write the inventory and return its digest, for the sidecar.

    Keys and paths are sorted, one digest a line, UTF-8. Nothing is flushed or synced.
    """
    digest = hashlib.new(index.header.digest_algorithm)
    buffer = BytesIO()
    for line in _lines(index):
        buffer.write(line)
        if buffer.tell() >= _BLOCK_BYTES:
            digest.update(buffer.getbuffer())
            stream.write(buffer.getvalue())
            buffer = BytesIO()
    digest.update(buffer.getbuffer())
    stream.write(buffer.getvalue())
    return digest.hexdigest()


def _lines(index: InventoryIndex) -> Iterator[bytes]:
    header = index.header
    yield b"{\n"
    yield _member(b"  ", "id", header.object_id)
    yield _member(b"  ", "type", inventory_type(header.spec))
    yield _member(b"  ", "digestAlgorithm", header.digest_algorithm)
    yield _member(b"  ", "head", index.head_name)
    if header.content_directory != DEFAULT_CONTENT_DIRECTORY:
        yield _member(b"  ", "contentDirectory", header.content_directory)
    yield from _fixity(index)
    yield b'  "manifest": '
    yield from _block(index.manifest(), b"  ")
    yield b',\n  "versions": {'
    separator = b"\n"
    for version in index.versions():
        yield separator
        yield from _version(index, version)
        separator = b",\n"
    yield b"\n  }\n}\n"


def _fixity(index: InventoryIndex) -> Iterator[bytes]:
    separator = b'  "fixity": {\n'
    for algorithm, rows in groupby(index.fixity(), key=itemgetter(0)):
        yield separator + b"    " + orjson.dumps(algorithm) + b": "
        yield from _block(((digest, path) for _, digest, path in rows), b"    ")
        separator = b",\n"
    if separator == b",\n":
        yield b"\n  },\n"


def _version(index: InventoryIndex, version: VersionRecord) -> Iterator[bytes]:
    yield b"    " + orjson.dumps(version.name) + b": {\n"
    yield _member(b"      ", "created", version.created)
    if version.message is not None:
        yield _member(b"      ", "message", version.message)
    user = {"name": version.user_name, "address": version.user_address}
    if version.user_name is not None:
        yield _member(b"      ", "user", {k: v for k, v in user.items() if v is not None})
    yield b'      "state": '
    rows = index.database.execute(
        "SELECT digest, path FROM state WHERE version = ? ORDER BY digest, path", (version.number,)
    )
    yield from _block(rows, b"      ")
    yield b"\n    }"


def _member(indent: bytes, key: str, value: object) -> bytes:
    return indent + orjson.dumps(key) + b": " + orjson.dumps(value) + b",\n"


def _block(rows: Iterable[tuple[str, str]], indent: bytes) -> Iterator[bytes]:
    """Write `digest: [path, …]`, a line each, from rows sorted by digest."""
    line = b"\n" + indent + b'  "'
    yield b"{"
    start, previous = b"", None
    for digest, path in rows:
        if digest == previous:
            yield b", " + orjson.dumps(path)
        else:
            yield start + line + digest.encode() + b'": [' + orjson.dumps(path)
            start, previous = b"],", digest
    yield b"]\n" + indent + b"}" if previous is not None else b"}"
