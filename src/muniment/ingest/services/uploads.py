"""The files of a deposit as they come: begun, received, put in their place, taken back."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.db import transaction
from django.db.models import F, Sum

from muniment.ingest.deposit_area import (
    DepositArea,
    Part,
    name_of_file,
    refuse_clash,
    require_room,
)
from muniment.ingest.models import Deposit, DepositFile
from muniment.ingest.types import DepositKind, DepositState
from muniment.runtime.actor import Actor, require
from muniment.runtime.digest_algorithms import BLOCK_BYTES
from muniment.runtime.digests import Digester, digest_stream
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import (
    BlockMismatch,
    Conflict,
    DigestMismatch,
    InvalidArgument,
    NoSpace,
    ObjectMissing,
    TooLarge,
    WrongState,
)
from muniment.runtime.failpoints import failpoint
from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of
from muniment.runtime.settings import settings

_LOOK_EVERY_BYTES = 64 << 20
_SQLITE_MOST = (1 << 63) - 1


class Bytes(Protocol):
    """A body as it comes from the network; a cut looks like its end."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Block:
    """What one request brings: from where on, how much (if that is known), what it comes to."""

    stream: Bytes
    at: int
    length: int | None
    algorithm: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that will come: the bytes of its path, its size, the digests announced of it."""

    name: bytes
    size_bytes: int
    digests: Mapping[str, str]


def begin_file(deposit: Deposit, new: NewFile, *, actor: Actor) -> tuple[DepositFile, bool]:
    """Get ready for a file; say whether its name is new. One of the same name is begun anew.

    Raises PermissionDenied, WrongState (not open any more), InvalidArgument for its name or a file
    that is not on the deposit's list, Conflict, Locked, NoSpace for quota and disk.
    """
    require(actor, "submission.create", deposit)
    name = name_of_file(new.name)
    if deposit.kind == DepositKind.SIP and "/" in name:
        raise InvalidArgument("a deposit of kind sip takes one file, which is in no folder")
    if new.size_bytes > _SQLITE_MOST:
        raise TooLarge("no file is as large as this")
    _refuse_too_much(deposit, new.size_bytes, actor)
    area = DepositArea.of(adapter_of(ArchiveHome), deposit.deposit_id)
    root = area.package(deposit.name) if deposit.kind == DepositKind.FILES else area.path
    refuse_clash(root, target_of(deposit, name))
    with transaction.atomic():
        file, is_new = _row(deposit, name, new)
        with area.part(file.pk).opened() as descriptor:
            if os.fstat(descriptor).st_size:
                area.part(file.pk).cut_to(descriptor, 0)
    return file, is_new


def _row(deposit: Deposit, name: str, new: NewFile) -> tuple[DepositFile, bool]:
    digest = hashlib.sha256(name.encode()).hexdigest()
    known = DepositFile.objects.filter(deposit=deposit, name_digest=digest).first()
    before = known.size_bytes if known else 0
    _count(deposit, files=int(known is None), size=new.size_bytes - before)
    if known is None:
        if deposit.lists_files:
            raise InvalidArgument("this file is not on the list that the deposit was made with")
        if deposit.kind == DepositKind.SIP and deposit.files.exists():
            raise Conflict("a deposit of kind sip takes one file; take the other one back first")
        made = DepositFile.objects.create(
            deposit=deposit,
            name=name,
            name_digest=digest,
            size_bytes=new.size_bytes,
            expected=dict(new.digests),
        )
        return made, True
    if known.is_listed:
        _refuse_unlike(known, new)
    else:
        known.size_bytes, known.expected = new.size_bytes, dict(new.digests)
    known.is_complete, known.sha256 = False, ""
    known.save(update_fields=["size_bytes", "expected", "is_complete", "sha256"])
    return known, False


def _refuse_unlike(listed: DepositFile, new: NewFile) -> None:
    if new.size_bytes != listed.size_bytes:
        raise InvalidArgument(f"the list says {listed.size_bytes} bytes, not {new.size_bytes}")
    for algorithm, digest in new.digests.items():
        if listed.expected.setdefault(algorithm, digest) != digest:
            raise DigestMismatch(f"the list has another digest of {algorithm}")


def _count(deposit: Deposit, *, files: int, size: int) -> None:
    """Count a file; WrongState where the deposit takes none any more."""
    changed = Deposit.objects.filter(pk=deposit.pk, state=DepositState.OPEN).update(
        file_count=F("file_count") + files, size_bytes=F("size_bytes") + size
    )
    if not changed:
        raise WrongState("this deposit is closed: no file can be added, changed or taken back")


def _refuse_too_much(deposit: Deposit, size_bytes: int, actor: Actor) -> None:
    if deposit.file_count >= settings().max_package_files:
        raise InvalidArgument(f"a package has at most {settings().max_package_files} files")
    held = Deposit.objects.filter(
        owner=actor.name, state__in=[DepositState.OPEN, DepositState.FINALISING]
    ).aggregate(sum=Sum("size_bytes"))["sum"]
    quota = settings().deposit_quota_bytes
    if (held or 0) + size_bytes > quota:
        raise NoSpace(
            f"your deposits hold {held or 0:,} of the {quota:,} bytes that one person's may hold: "
            "hand in or delete one of them"
        )
    _require_room(size_bytes)


def _require_room(size_bytes: int) -> None:
    work = adapter_of(ArchiveHome).work
    require_room(work, size_bytes, reserve_bytes=settings().disk_reserve_bytes)


def target_of(deposit: Deposit, name: str) -> Path:
    """Return where a file goes when it is whole."""
    area = DepositArea.of(adapter_of(ArchiveHome), deposit.deposit_id)
    if deposit.kind == DepositKind.SIP:
        return area.package(name)
    return area.package(f"{deposit.name}/{name}")


def part_of(file: DepositFile) -> Part:
    """Return the bytes of a file that have come."""
    return DepositArea.of(adapter_of(ArchiveHome), file.deposit.deposit_id).part(file.pk)


def offset_of(file: DepositFile) -> int:
    """Return how many bytes of a file are here, durably."""
    if file.is_complete or _is_in_place(file):
        return file.size_bytes
    return part_of(file).offset()


def _is_in_place(file: DepositFile) -> bool:
    """Say whether the process ended between moving the file and writing that down."""
    target = target_of(file.deposit, file.name)
    is_moved = not part_of(file).path.exists() and target.is_file()
    return is_moved and target.stat().st_size == file.size_bytes


def receive(file: DepositFile, block: Block, *, actor: Actor) -> int:
    """Take the bytes of one request and return the new offset; a whole file is put in its place.

    Streams; digests are calculated in the same pass. What came before a cut is kept, unless the
    block was to be verified. Raises Locked while another request sends the same file, Conflict
    for a wrong offset, TooLarge, DigestMismatch, NoSpace.
    """
    require(actor, "submission.create", file.deposit)
    if _is_in_place(file):
        settle(file)
    part = part_of(file)
    with part.opened() as descriptor:
        _refuse_closed(file)
        offset = os.fstat(descriptor).st_size
        if block.at != offset:
            raise Conflict(f"the next byte of this file is {offset}, not {block.at}")
        if block.length is not None and block.length > file.size_bytes - offset:
            raise TooLarge(f"the file has {file.size_bytes} bytes: more were announced now")
        digester = Digester({"sha256", *file.expected}) if offset == 0 else None
        offset = _take(part, descriptor, file.size_bytes, block, digester)
        if offset == file.size_bytes:
            _complete(file, part, digester)
    return offset


def _refuse_closed(file: DepositFile) -> None:
    """Look again now that nobody else writes."""
    _look_again(file)
    if file.is_complete:
        raise Conflict("all of this file is here")
    if file.deposit.state != DepositState.OPEN:
        raise WrongState("this deposit is closed: no file can be added, changed or taken back")


def _look_again(file: DepositFile) -> None:
    try:
        file.refresh_from_db()
    except DepositFile.DoesNotExist:
        raise ObjectMissing("this file was taken back meanwhile") from None


def _take(
    part: Part, descriptor: int, size_bytes: int, block: Block, digester: Digester | None
) -> int:
    """Write the block; return the offset behind it."""
    check = Digester([block.algorithm]) if block.algorithm else None
    if check:
        part.may_be_undone(block.at)
    offset = block.at
    os.lseek(descriptor, offset, os.SEEK_SET)
    try:
        for data in _blocks(block.stream, size_bytes - offset):
            _write(descriptor, data)
            offset += len(data)
            for each in (digester, check):
                if each:
                    each.update(data)
    except TooLarge:
        part.cut_to(descriptor, block.at)
        raise
    finally:
        os.fsync(descriptor)
    failpoint("deposit.received")
    if check and check.result().by_algorithm[block.algorithm] != block.digest:
        part.cut_to(descriptor, block.at)
        raise BlockMismatch(f"the {block.algorithm} of these bytes is another: send them again")
    part.keep()
    return offset


def _blocks(stream: Bytes, most: int) -> Iterator[bytes]:
    """Yield what comes, up to `most` bytes; TooLarge for more."""
    seen, look_at = 0, _LOOK_EVERY_BYTES
    while data := stream.read(BLOCK_BYTES):
        seen += len(data)
        if seen > most:
            raise TooLarge("more bytes came than the file has")
        if seen >= look_at:
            look_at += _LOOK_EVERY_BYTES
            _require_room(0)
        yield data


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def settle(file: DepositFile) -> None:
    """Finish a file whose last byte is here, but whose request did not see its end. Idempotent."""
    if file.is_complete:
        return
    if _is_in_place(file):
        target = target_of(file.deposit, file.name)
        _note(file, _digests_in(target, file))
        return
    part = part_of(file)
    if part.offset() != file.size_bytes or not part.path.exists():
        return
    with part.opened() as descriptor:
        _look_again(file)
        if not file.is_complete and os.fstat(descriptor).st_size == file.size_bytes:
            _complete(file, part, None)


def _complete(file: DepositFile, part: Part, digester: Digester | None) -> None:
    """Check what was announced and move the file; without a digester, it is read once more."""
    found = digester.result().by_algorithm if digester else _digests_in(part.path, file)
    for algorithm, digest in file.expected.items():
        if found[algorithm] != digest:
            part.remove()
            raise DigestMismatch(f"the {algorithm} of the file is {found[algorithm]}, not {digest}")
    part.place(target_of(file.deposit, file.name))
    _note(file, found)


def _digests_in(path: Path, file: DepositFile) -> Mapping[str, str]:
    with storage_errors("the work area of deposits"), path.open("rb") as stream:
        return digest_stream(stream, {"sha256", *file.expected}).by_algorithm


def _note(file: DepositFile, found: Mapping[str, str]) -> None:
    file.sha256, file.is_complete = found["sha256"], True
    kept = DepositFile.objects.filter(pk=file.pk).update(sha256=file.sha256, is_complete=True)
    if not kept:
        raise ObjectMissing("this file was taken back meanwhile")


def adopt(deposit: Deposit, new: NewFile, came: Path, *, actor: Actor) -> DepositFile:
    """Take a file that has come whole by a form, with its digests; it is moved, not copied."""
    file, _ = begin_file(deposit, new, actor=actor)
    part = part_of(file)
    with part.opened():
        came.replace(part.path)
        part.place(target_of(deposit, file.name))
        _note(file, new.digests)
    return file


def remove_file(file: DepositFile, *, actor: Actor) -> None:
    """Take a file back, whole or not; one on the deposit's list can be sent again."""
    require(actor, "submission.create", file.deposit)
    part = part_of(file)
    with part.opened(), transaction.atomic():
        if file.is_listed:
            _count(file.deposit, files=0, size=0)
            DepositFile.objects.filter(pk=file.pk).update(is_complete=False, sha256="")
        else:
            _count(file.deposit, files=-1, size=-file.size_bytes)
            DepositFile.objects.filter(pk=file.pk).delete()
        with storage_errors("the work area of deposits"):
            target_of(file.deposit, file.name).unlink(missing_ok=True)
        part.remove()


def file_of(deposit: Deposit, name: bytes) -> DepositFile:
    """Return a file of a deposit; ObjectMissing otherwise."""
    digest = hashlib.sha256(name_of_file(name).encode()).hexdigest()
    file = DepositFile.objects.filter(deposit=deposit, name_digest=digest).first()
    if file is None:
        raise ObjectMissing("this deposit has no file of that path")
    file.deposit = deposit
    return file
