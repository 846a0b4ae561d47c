"""The entries of a tar archive, one after the other; memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from muniment.information.unpacking import tar_sparse
from muniment.information.unpacking.faults import BadArchive
from muniment.information.unpacking.pax import decimal, pax_records
from muniment.information.unpacking.streams import MAX_HEADER_BYTES, ForwardStream
from muniment.information.unpacking.tar_header import (
    BLOCK_BYTES,
    LONG_LINK,
    LONG_NAME,
    PAX,
    PAX_GLOBAL,
    PAX_OF_SOLARIS,
    SPARSE,
    WITHOUT_CONTENT,
    TarHeader,
    parse_header,
    until_nul,
)

_MOST_EXTENDED_HEADERS = 16
"""An honest entry has three at most before its own."""

_USED = frozenset({b"path", b"linkpath", b"size", b"mtime"})


@dataclass(frozen=True, slots=True)
class TarEntry:
    """One entry; `stored_bytes` follow in the archive, `segments` say where in a sparse file."""

    name: bytes
    link: bytes
    kind: bytes
    size_bytes: int
    stored_bytes: int
    modified: float
    segments: tar_sparse.Segments | None = None


@dataclass(slots=True)
class _Extended:
    """What the extended headers before an entry say of it: `used` wins over its own header."""

    used: dict[bytes, bytes] = field(default_factory=dict)
    sparse: list[tuple[bytes, bytes]] = field(default_factory=list)
    read_bytes: int = 0

    def content(self, header: TarHeader, forward: ForwardStream) -> bytes:
        """Read what an extended header has; all those of one entry are held together."""
        self.read_bytes += header.size_bytes
        if self.read_bytes > MAX_HEADER_BYTES:
            raise BadArchive(f"the headers of an entry claim {self.read_bytes} bytes")
        content = forward.read_header(header.size_bytes)
        forward.seek(_up_to_block(forward.tell()))
        return content


def read_entries(forward: ForwardStream) -> Iterator[TarEntry]:
    """Iterate over the entries up to the end mark.

    The content of one may be read from `forward` before the next is asked for. Raises BadArchive
    and TruncatedArchive.
    """
    for_all: dict[bytes, bytes] = {}
    while (header := _next_header(forward)) is not None:
        extended = _Extended(dict(for_all))
        for _ in range(_MOST_EXTENDED_HEADERS):
            if not _extend(header, extended, for_all, forward):
                break
            header = _next_header(forward)
            if header is None:
                raise BadArchive("an extended header has no entry")
        else:
            raise BadArchive("an entry has too many extended headers")
        entry = _entry(header, extended, forward)
        end = forward.tell() + entry.stored_bytes
        yield entry
        forward.seek(_up_to_block(end))


def _next_header(forward: ForwardStream) -> TarHeader | None:
    """Read a header; None at the block of zeros that ends an archive."""
    at = forward.tell()
    block = forward.read_header(BLOCK_BYTES)
    if not block.strip(b"\0"):
        return None
    try:
        return parse_header(block)
    except BadArchive as exc:
        raise BadArchive(f"no header at byte {at}: {exc}") from exc


def _extend(
    header: TarHeader, extended: _Extended, for_all: dict[bytes, bytes], forward: ForwardStream
) -> bool:
    """Take an extended header and say whether it was one."""
    if header.kind == LONG_NAME:
        extended.used[b"path"] = until_nul(extended.content(header, forward))
    elif header.kind == LONG_LINK:
        extended.used[b"linkpath"] = until_nul(extended.content(header, forward))
    elif header.kind in {PAX, PAX_OF_SOLARIS}:
        for key, value in pax_records(extended.content(header, forward)):
            if key in _USED:
                extended.used[key] = value
            elif key.startswith(tar_sparse.PREFIX):
                extended.sparse.append((key.removeprefix(tar_sparse.PREFIX), value))
    elif header.kind == PAX_GLOBAL:
        for key, value in pax_records(extended.content(header, forward)):
            if key in _USED:
                for_all[key] = extended.used[key] = value
    else:
        return False
    return True


def _entry(header: TarHeader, extended: _Extended, forward: ForwardStream) -> TarEntry:
    used = extended.used
    name = used.get(b"path") or header.name
    link = used.get(b"linkpath") or header.link
    modified = _seconds(used[b"mtime"]) if used.get(b"mtime") else header.modified
    size = decimal(used[b"size"]) if used.get(b"size") else header.size_bytes
    if size < 0:
        raise BadArchive("an entry has a negative size")
    if header.kind in WITHOUT_CONTENT:
        return TarEntry(name, link, header.kind, 0, 0, modified)
    if header.kind == SPARSE or extended.sparse:
        return _sparse_entry(
            TarEntry(name, link, SPARSE, size, size, modified), header, extended, forward
        )
    return TarEntry(name, link, header.kind, size, size, modified)


def _sparse_entry(
    entry: TarEntry, header: TarHeader, extended: _Extended, forward: ForwardStream
) -> TarEntry:
    before = forward.tell()
    if header.kind == SPARSE:
        segments, whole = tar_sparse.old_gnu_map(header, forward)
        stored = entry.stored_bytes
    else:
        segments, whole = tar_sparse.pax_map(extended.sparse, entry.stored_bytes, forward)
        stored = entry.stored_bytes - (forward.tell() - before)
    tar_sparse.check_map(segments, whole, stored)
    name = dict(extended.sparse).get(b"name") or entry.name
    return replace(entry, name=name, size_bytes=whole, stored_bytes=stored, segments=segments)


def _seconds(text: bytes) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadArchive("a time is not a number") from None


def _up_to_block(position: int) -> int:
    return -(-position // BLOCK_BYTES) * BLOCK_BYTES
