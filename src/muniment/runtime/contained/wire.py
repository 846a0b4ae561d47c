"""The frames between a contained process and its parent.

A frame is four bytes of magic, four bytes of length (big-endian) and one JSON document.
"""

from __future__ import annotations

import os
import struct

import orjson

MAGIC = b"MUN1"
HEADER = struct.Struct(">4sI")
MAX_FRAME_BYTES = 256 << 20


class Garbage(ValueError):
    """What came is no frame of ours."""


def frame(document: object) -> bytes:
    """Return the bytes of one frame."""
    body = orjson.dumps(document)
    return HEADER.pack(MAGIC, len(body)) + body


def take_frame(buffer: bytearray) -> object:
    """Remove the first whole frame from the buffer and return its document; None: not there yet.

    Raises Garbage when the buffer does not begin with a frame.
    """
    if len(buffer) < HEADER.size:
        if not MAGIC.startswith(bytes(buffer[:4])):
            raise Garbage(bytes(buffer[:40]))
        return None
    magic, size = HEADER.unpack_from(buffer)
    if magic != MAGIC or size > MAX_FRAME_BYTES:
        raise Garbage(bytes(buffer[:40]))
    end = HEADER.size + size
    if len(buffer) < end:
        return None
    body = bytes(buffer[HEADER.size : end])
    del buffer[:end]
    try:
        document: object = orjson.loads(body)
    except orjson.JSONDecodeError as exc:
        raise Garbage(body[:40]) from exc
    return document


def path_text(path: str | os.PathLike[str]) -> str:
    """Write a path, whatever its bytes are, as text that JSON can carry."""
    return os.fsencode(path).decode("latin-1")


def text_path(text: str) -> str:
    """Read what `path_text` wrote."""
    return os.fsdecode(text.encode("latin-1"))
