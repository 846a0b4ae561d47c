"""One line of the ledger: JSON with a number, a hash chain and a payload (DESIGN §3)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson
from django.core.exceptions import ValidationError

from muniment.runtime.errors import CorruptObject

NO_DIGEST = ""
"""The `previous` of the very first record, and of one before which the ledger is damaged."""

MOST_SEQ = 2**53
"""The highest number of a record: every reader of JSON understands it, every table holds it."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What is to be recorded. `kind` is "event" for a PREMIS event; `object_id` "" = no object.

    `payload` is what `orjson` writes; the reader gets equal JSON back.
    """

    kind: str
    object_id: str
    payload: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LedgerRecord:
    """A record as it stands in the ledger. `seq` counts from 1 without gaps.

    `digest` is the SHA-256 of the line without it; `previous` that of the record before.
    """

    seq: int
    recorded_at: datetime
    kind: str
    object_id: str
    payload: dict[str, object]
    previous: str = field(default=NO_DIGEST, repr=False)
    digest: str = field(default=NO_DIGEST, repr=False)

    @property
    def day(self) -> str:
        """The UTC day it was recorded on, as ISO 8601."""
        return self.recorded_at.date().isoformat()


def chain(new: NewRecord, *, seq: int, recorded_at: datetime, previous: str) -> tuple[str, bytes]:
    """Return the digest and the line (with its newline) of a record that follows `previous`."""
    members = {
        "seq": seq,
        "recorded_at": recorded_at.astimezone(UTC).isoformat(),
        "kind": new.kind,
        "object_id": new.object_id,
        "payload": new.payload,
        "previous": previous,
    }
    digest = _digest(members)
    return digest, _json({**members, "digest": digest}) + b"\n"


def parse(line: bytes) -> LedgerRecord:
    """Read one line. Raises ValueError when it is not a record."""
    document = orjson.loads(line)
    try:
        record = LedgerRecord(
            seq=_number(document["seq"]),
            recorded_at=datetime.fromisoformat(document["recorded_at"]),
            kind=str(document["kind"]),
            object_id=str(document["object_id"]),
            payload=dict(document["payload"]),
            previous=str(document["previous"]),
            digest=str(document["digest"]),
        )
    except (KeyError, TypeError) as exc:
        raise ValueError(f"not a ledger record: {exc}") from exc
    return record


def parse_intact(line: bytes) -> LedgerRecord:
    """Read one line. Raises ValueError when it is not a record as it was written."""
    record = parse(line)
    if not is_intact(line):
        raise ValueError(f"record {record.seq} is not what was written")
    return record


def _number(value: object) -> int:
    if type(value) is not int or not 0 < value <= MOST_SEQ:
        raise ValueError(f"{value!r} is no number of a record")
    return value


@contextmanager
def readable(record: LedgerRecord) -> Iterator[None]:
    """Turn what a payload of another shape raises into a CorruptObject that names the record."""
    try:
        yield
    except (KeyError, TypeError, ValueError, ValidationError) as exc:
        said = f"{type(exc).__name__}: {exc}"
        raise CorruptObject(
            f"record {record.seq} of the ledger is no {record.kind} that can be read ({said})"
        ) from exc


def is_intact(line: bytes) -> bool:
    """Say whether the digest of a line that `parse` accepts is that of its other members."""
    members = orjson.loads(line)
    found = members.pop("digest")
    return bool(found == _digest(members))


def _digest(members: Mapping[str, object]) -> str:
    return hashlib.sha256(_json(members)).hexdigest()


def _json(members: Mapping[str, object]) -> bytes:
    return orjson.dumps(members, option=orjson.OPT_SORT_KEYS)
