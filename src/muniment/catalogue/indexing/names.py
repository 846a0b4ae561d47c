"""Identifiers and times of others, brought into the forms that the tables hold."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID, uuid5

from muniment.information.premis import Identifier

_FOREIGN = UUID("3c3b0a5e-55c3-5b0c-8d2f-6a1f5b0c7e11")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_EDTF = re.compile(r"[^\d]*(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def uuid_text(identifier: Identifier) -> str:
    """Return an identifier that is a UUID as it stands, one for any other: always the same."""
    return as_uuid(identifier.type, identifier.value)


def as_uuid(kind: str, value: str) -> str:
    """Do the same for a type and a value."""
    if _UUID.fullmatch(value):
        return value
    bare = value.lower().removeprefix("urn:uuid:")
    return bare if _UUID.fullmatch(bare) else str(uuid5(_FOREIGN, f"{kind}\0{value}"))


def moment(text: str, *, fallback: datetime) -> tuple[datetime, str]:
    """Return a time to sort by, and the text when it said less or more than that time.

    PREMIS allows EDTF (`1998`, `2001-05~`, `../2010`): the first date in it counts; without any,
    `fallback`.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return _first_date(text) or fallback, text[:255]
    if "T" not in text:
        return found.replace(tzinfo=found.tzinfo or UTC), text
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC), text
    return found, ""


def _first_date(text: str) -> datetime | None:
    match = _EDTF.match(text)
    if match is None:
        return None
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
