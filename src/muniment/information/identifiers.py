"""Identifiers of objects, representations, files and events.

An object's identifier is new each time; all others are derived from it, so that a step that runs
again after a crash, a new version with unchanged files and a rebuilt catalogue say the same names.
"""

from __future__ import annotations

import os
import re
import time
from hashlib import sha1
from typing import NewType
from uuid import UUID, uuid5

from muniment.runtime.errors import InvalidArgument

ObjectId = NewType("ObjectId", str)
"""A UUIDv7 in canonical lower case, without `urn:uuid:`."""

_URN = "urn:uuid:"
_CANONICAL = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def new_object_id(*, at_ms: int | None = None) -> ObjectId:
    """Return a fresh UUIDv7 (RFC 9562 §5.7); `at_ms` is milliseconds since 1970, by default now."""
    at = time.time_ns() // 1_000_000 if at_ms is None else at_ms
    value = (at & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76  # version 7
    value = value & ~(0x3 << 62) | 0x2 << 62  # variant of RFC 9562
    return ObjectId(str(UUID(int=value)))


def parse_object_id(text: str) -> ObjectId:
    """Read an object identifier with or without `urn:uuid:`, in any case.

    Raises InvalidArgument for anything that is not a UUID.
    """
    bare = text.strip().lower().removeprefix(_URN)
    if _CANONICAL.fullmatch(bare) is None:
        raise InvalidArgument(f"{text!r} is not an object identifier: expected a UUID")
    return ObjectId(bare)


def urn(object_id: str) -> str:
    """Return the identifier as OCFL and METS write it: `urn:uuid:<uuid>`."""
    return _URN + object_id


def file_id(object_id: str, representation: str, path: str, sha512: str) -> str:
    """Name one file by where it lies and what it holds: unchanged files keep it over versions."""
    # What uuid5 does, without the two UUID objects that it builds: 100,000 files call this.
    name = f"{representation}\0{path}\0{sha512}".encode("utf-8", "surrogateescape")
    digest = sha1(_namespace(object_id) + name, usedforsecurity=False).digest()
    value = int.from_bytes(digest[:16])
    value = value & ~(0xF << 76) | 0x5 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def representation_id(object_id: str, name: str) -> str:
    """Name one representation of an object."""
    return str(uuid5(UUID(object_id), f"representation\0{name}"))


def event_id(scope_id: str, *parts: str) -> str:
    """Name one event of a run, an object or a file by what makes it this one and no other."""
    return str(uuid5(UUID(scope_id), "event\0" + "\0".join(parts)))


def agent_id(kind: str, name: str, version: str = "") -> str:
    """Name an agent by its type, name and version: the same tool is the same agent everywhere."""
    return str(uuid5(_AGENTS, "\0".join((kind, name, version))))


_AGENTS = UUID("6f6f2b1c-6a53-5d0e-9d3b-2f1f6f0b6d10")


def _namespace(object_id: str) -> bytes:
    return bytes.fromhex(object_id.replace("-", ""))
