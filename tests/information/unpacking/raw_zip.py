"""ZIP archives made byte by byte, so that each of them can be wrong in one place."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace


def deflated(content: bytes) -> bytes:
    """Compress as method 8 has it."""
    inner = zlib.compressobj(9, zlib.DEFLATED, -15)
    return inner.compress(content) + inner.flush()


@dataclass(frozen=True)
class Header:
    """The members that a local header and a directory entry have in common."""

    name: bytes
    flags: int = 0
    method: int = 0
    time: int = 0
    date: int = 0x21
    crc: int = 0
    packed: int = 0
    size: int = 0
    extra: bytes = b""


@dataclass(frozen=True)
class Member:
    """One entry: what the directory says, what stands before its bytes, and the bytes."""

    central: Header
    local: Header
    data: bytes = b""
    after: bytes = b""
    mode: int = 0
    offset: int | None = None
    """Where the directory says that it begins; None: where it does."""

    def but(self, *, data: bytes | None = None, **members: object) -> Member:
        """Return it with both headers changed, and other bytes."""
        return replace(
            self,
            central=replace(self.central, **members),  # type: ignore[arg-type]  # members of Header
            local=replace(self.local, **members),  # type: ignore[arg-type]  # members of Header
            data=self.data if data is None else data,
        )

    def but_beside(self, **members: object) -> Member:
        """Return it with only the header beside its bytes changed."""
        return replace(self, local=replace(self.local, **members))  # type: ignore[arg-type]  # as above


def a_member(
    name: bytes, content: bytes = b"", *, method: int = 0, data: bytes | None = None, mode: int = 0
) -> Member:
    """Make an honest entry; `data` are its bytes as packed."""
    packed = data if data is not None else deflated(content) if method == 8 else content
    crc = zlib.crc32(content)
    header = Header(name, method=method, crc=crc, packed=len(packed), size=len(content))
    return Member(header, header, packed, mode=mode)


def local_header(header: Header) -> bytes:
    """Return what stands before the bytes of an entry."""
    h = header
    start = struct.pack("<4s5H", b"PK\3\4", 20, h.flags, h.method, h.time, h.date)
    end = struct.pack("<3L2H", h.crc, h.packed, h.size, len(h.name), len(h.extra))
    return start + end + h.name + h.extra


def central_header(member: Member, offset: int) -> bytes:
    """Return the entry of the directory."""
    h = member.central
    start = struct.pack("<4s2BH4H", b"PK\1\2", 20, 3, 20, h.flags, h.method, h.time, h.date)
    middle = struct.pack("<3L5H", h.crc, h.packed, h.size, len(h.name), len(h.extra), 0, 0, 0)
    return start + middle + struct.pack("<2L", member.mode << 16, offset) + h.name + h.extra


@dataclass(frozen=True)
class End:
    """What the end record says; None: what is true."""

    disk: int = 0
    start_disk: int = 0
    count: int | None = None
    size: int | None = None
    offset: int | None = None
    comment: bytes = b""
    comment_bytes: int | None = None
    before: bytes = field(default=b"")
    """Put between the directory and the end record."""


def end_record(count: int, size: int, offset: int, end: End = End()) -> bytes:
    """Return the end record; `end` replaces what it says."""
    count = count if end.count is None else end.count
    comment_bytes = len(end.comment) if end.comment_bytes is None else end.comment_bytes
    fields = struct.pack(
        "<4s4H2LH",
        b"PK\5\6",
        end.disk,
        end.start_disk,
        count,
        count,
        size if end.size is None else end.size,
        offset if end.offset is None else end.offset,
        comment_bytes,
    )
    return fields + end.comment


def zip64_end(count: int, size: int, offset: int, place: int, more: bytes = b"") -> bytes:
    """Return the Zip64 record with some bytes more, and its locator."""
    record = struct.pack(
        "<4sQ2H2L4Q", b"PK\6\6", 44 + len(more), 45, 45, 0, 0, count, count, size, offset
    )
    return record + more + struct.pack("<4sLQL", b"PK\6\7", 0, place, 1)


def raw_zip(
    members: Sequence[Member],
    end: End = End(),
    *,
    gap: bytes = b"",
) -> bytes:
    """Put an archive together, with a `gap` between the entries and the directory."""
    body, directory = b"", b""
    for member in members:
        offset = len(body) if member.offset is None else member.offset
        body += local_header(member.local) + member.data + member.after
        directory += central_header(member, offset)
    body += gap
    place = len(body)
    return body + directory + end.before + end_record(len(members), len(directory), place, end)
