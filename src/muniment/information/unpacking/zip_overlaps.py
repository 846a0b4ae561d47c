"""Looks whether the entries of a ZIP archive share bytes.

That makes a bomb that no ratio of one entry shows (D. Fifield, A better zip bomb, WOOT 2019).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from muniment.information.unpacking.faults import BadArchive
from muniment.information.unpacking.zip_directory import LOCAL_HEADER_BYTES, ZipEntry

Span = tuple[int, int]


def refuse_overlaps(read: Callable[[], Iterator[ZipEntry]], directory_start: int) -> None:
    """Raise BadArchive when two entries overlap, or one the directory.

    `read` begins anew each time. Memory is flat where the directory has the order of the file, as
    all common writers leave it.
    """
    if all(one[1] <= other[0] for one, other in pairwise(_spans(read(), directory_start))):
        return
    # Spans are apart exactly when each ends before the next begins, both sorted by themselves.
    starts = array("Q", sorted(start for start, _ in _spans(read(), directory_start)))
    ends = array("Q", sorted(end for _, end in _spans(read(), directory_start)))
    if any(end > start for end, start in zip(ends[:-1], starts[1:], strict=True)):
        raise BadArchive("its entries overlap")


def _spans(entries: Iterable[ZipEntry], directory_start: int) -> Iterator[Span]:
    for entry in entries:
        end = entry.offset + LOCAL_HEADER_BYTES + len(entry.name) + entry.compressed_bytes
        if end > directory_start:
            raise BadArchive("an entry lies outside")
        yield entry.offset, end
