"""The listing of a received package: one line of JSON for each file, with its digests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

BUFFER_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One file of a received package.

    `path` is the safe path below the package root, `/` separated; `original_name` is the path as
    received, percent-encoded where it cannot be expressed (`paths.decode_name` gives its bytes);
    `digests` are lower-case hex by algorithm: sha512, sha256 and what the producer declared;
    `modified_at` is ISO 8601 in UTC.
    """

    path: str
    original_name: str
    size_bytes: int
    digests: Mapping[str, str]
    modified_at: str | None


def write_listing(path: Path, files: Iterable[ListedFile]) -> None:
    """Write one line for each file, in the order given; memory is flat."""
    with path.open("wb", buffering=BUFFER_BYTES) as stream:
        stream.writelines(map(listing_line, files))


def read_listing(path: Path) -> Iterator[ListedFile]:
    """Yield the files of a listing in its order; memory is flat."""
    with path.open("rb", buffering=BUFFER_BYTES) as stream:
        for line in stream:
            yield _listed(orjson.loads(line))


def listing_line(file: ListedFile) -> bytes:
    """Return the line of one file, with its line feed."""
    return orjson.dumps(file, option=orjson.OPT_APPEND_NEWLINE)


def _listed(row: dict[str, Any]) -> ListedFile:  # the row is what listing_line wrote
    return ListedFile(
        row["path"], row["original_name"], row["size_bytes"], row["digests"], row["modified_at"]
    )


def iso_utc(seconds: float) -> str | None:
    """Write a time in seconds since 1970 as ISO 8601 in UTC; None where there is no such year."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return None
