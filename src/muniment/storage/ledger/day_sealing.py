"""Sealing one closed day of the ledger into its month's object."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.runtime.actor import SYSTEM
from muniment.runtime.durable import storage_errors
from muniment.runtime.failpoints import failpoint
from muniment.storage.ledger.days import month_id, path_for
from muniment.storage.ledger.records import parse
from muniment.storage.types import StagedFile, StagedVersion

if TYPE_CHECKING:
    from muniment.storage.ledger.ledger import Ledger


def seal_day(ledger: Ledger, day: str) -> None:
    """Seal what is open of `day`, then remove its file. The caller holds the ledger's lock."""
    ledger.journal.cut_torn_line(day)
    copy = ledger.scratch / f"ledger-{day}.jsonl"
    digest, size_bytes = _write_copy(ledger, day, copy)
    if size_bytes:
        object_id = month_id(day)
        head = ledger.root.head(object_id)
        earlier = list(_files_of(ledger, day)) if head else []
        new = StagedFile(
            path_for(day, (file.logical_path for file in earlier)), copy, size_bytes, digest
        )
        ledger.root.seal(
            StagedVersion(
                object_id=object_id,
                expected_head=head,
                files=lambda: iter([*earlier, new]),
                message=f"Ledger of {day}",
                user_name=SYSTEM.name,
                user_address="",
                created_at=ledger.clock.now(),
            )
        )
    failpoint("ledger.sealed")
    ledger.journal.remove(day)
    failpoint("ledger.removed")
    with storage_errors(f"the work file {copy}"):
        ledger.disk.remove(copy)


def _write_copy(ledger: Ledger, day: str, copy: Path) -> tuple[str, int]:
    """Copy the lines that are not sealed yet; return their SHA-512 and size in bytes.

    A copy, because a sealed file must share its bytes with nothing that is still appended to;
    and a selection, because a crash before `remove` leaves a sealed day open.
    """
    sealed_seq = ledger.last_sealed_seq()
    digest, size_bytes = hashlib.sha512(), 0
    source = ledger.journal.path(day)
    with storage_errors(f"the work file {copy}"):
        ledger.disk.make_folder(ledger.scratch)
        if copy.exists():
            ledger.disk.remove(copy)
        with source.open("rb") as lines, ledger.disk.create(copy) as stream:
            for line in lines:
                if _is_sealed(line, sealed_seq):
                    continue
                stream.write(line)
                digest.update(line)
                size_bytes += len(line)
    return digest.hexdigest(), size_bytes


def _is_sealed(line: bytes, sealed_seq: int) -> bool:
    try:
        return parse(line).seq <= sealed_seq
    except ValueError:
        return False  # kept as it is: the reader reports it


def _files_of(ledger: Ledger, day: str) -> Iterator[StagedFile]:
    with ledger.root.open_version(month_id(day)) as version:
        for entry in version.entries():
            size_bytes = version.size_of(entry.logical_path)
            yield StagedFile(entry.logical_path, None, size_bytes, entry.sha512)
