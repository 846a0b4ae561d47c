"""Sparse files of tar archives: the four ways of GNU tar to say where the data are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from muniment.information.unpacking.faults import BadArchive
from muniment.information.unpacking.pax import MAX_DIGITS, decimal
from muniment.information.unpacking.streams import MAX_HEADER_BYTES, ForwardStream
from muniment.information.unpacking.tar_header import BLOCK_BYTES, TarHeader, number

Segments = list[tuple[int, int]]
"""Offset and size of each piece of data; all between them are holes."""

PREFIX = b"GNU.sparse."
_PAIR_BYTES = 24


def old_gnu_map(header: TarHeader, forward: ForwardStream) -> tuple[Segments, int]:
    """Return the map in a header of type `S` and the blocks after it, and the size of the file."""
    block = header.block
    numbers = _old_pairs(block[386:482])
    is_extended = block[482] != 0
    read = 0
    while is_extended:
        read += BLOCK_BYTES
        if read > MAX_HEADER_BYTES:
            raise BadArchive("a sparse map is too long")
        more = forward.read_header(BLOCK_BYTES)
        numbers += _old_pairs(more[:504])
        is_extended = more[504] != 0
    return _paired(numbers), number(block[483:495])


def _old_pairs(area: bytes) -> list[int]:
    numbers: list[int] = []
    for at in range(0, len(area), _PAIR_BYTES):
        offset, size = area[at : at + 12], area[at + 12 : at + 24]
        if offset.strip(b"\0") or size.strip(b"\0"):
            numbers += (number(offset), number(size))
    return numbers


def pax_map(
    records: Sequence[tuple[bytes, bytes]], stored_bytes: int, forward: ForwardStream
) -> tuple[Segments, int]:
    """Return the map and the size that the records of an extended header give: 0.0, 0.1 or 1.0."""
    by_key = dict(records)
    if by_key.get(b"major", b"0") == b"1" and by_key.get(b"minor") == b"0":
        return _map_before_data(forward, stored_bytes), decimal(by_key.get(b"realsize", b""))
    if b"map" in by_key:
        numbers = [decimal(text) for text in by_key[b"map"].split(b",") if text]
    else:
        numbers = [decimal(value) for key, value in records if key in {b"offset", b"numbytes"}]
    return _paired(numbers), decimal(by_key.get(b"size", b""))


def _map_before_data(forward: ForwardStream, stored_bytes: int) -> Segments:
    """Read the map of the format 1.0, which fills whole blocks before the data."""
    numbers = _numbers_before_data(forward, min(stored_bytes, MAX_HEADER_BYTES))
    count = next(numbers)
    if count > MAX_HEADER_BYTES:
        raise BadArchive("a sparse map is too long")
    return _paired(list(islice(numbers, 2 * count)))


def _numbers_before_data(forward: ForwardStream, most_bytes: int) -> Iterator[int]:
    rest = b""
    for _ in range(most_bytes // BLOCK_BYTES):
        *lines, rest = (rest + forward.read_header(BLOCK_BYTES)).split(b"\n")
        yield from map(decimal, lines)
        if len(rest) > MAX_DIGITS:
            break
    raise BadArchive("a sparse map is too long")


def _paired(numbers: Sequence[int]) -> Segments:
    if len(numbers) % 2:
        raise BadArchive("a sparse map has half a pair")
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def check_map(segments: Segments, size_bytes: int, stored_bytes: int) -> None:
    """Raise BadArchive when pieces overlap, lie outside the file or are not what is stored."""
    ends = [(offset, offset + size) for offset, size in segments]
    is_sorted = all(end <= start for (_, end), (start, _) in pairwise(ends))
    is_inside = not ends or (ends[0][0] >= 0 and ends[-1][1] <= size_bytes)
    is_whole = sum(size for _, size in segments) == stored_bytes
    if not (is_sorted and is_inside and is_whole) or any(size < 0 for _, size in segments):
        raise BadArchive("a sparse map does not fit its file")


def gaps(segments: Segments, size_bytes: int) -> Iterator[tuple[int, int]]:
    """Iterate over (size of the hole, size of the data after it), up to the end of the file."""
    at = 0
    for offset, size in segments:
        yield offset - at, size
        at = offset + size
    yield size_bytes - at, 0
