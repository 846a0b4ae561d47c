"""Compressed tars: streams in a row, padding, checksums, and every way to end too early."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.unpacking import UnpackLimits
from tests.information.unpacking.packages import received_bytes
from tests.information.unpacking.raw_tar import END, a_file, a_header

Compress = Callable[[bytes], bytes]


def zst(content: bytes) -> bytes:
    """Compress with a checksum, as the command does."""
    return zstandard.ZstdCompressor(write_checksum=True).compress(content)


COMPRESSIONS: dict[str, Compress] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zst,
}
each_compression = pytest.mark.parametrize("compress", COMPRESSIONS.values(), ids=COMPRESSIONS)
NOISE = os.urandom(3000)
TAR = a_file(b"a", NOISE) + a_file(b"b", b"x" * 5000) + END
CONTENT = {"a": NOISE, "b": b"x" * 5000}
SKIPPABLE = b"\x5a\x2a\x4d\x18" + (9).to_bytes(4, "little") + b"nine byte"


@each_compression
@given(cuts=st.lists(st.integers(0, len(TAR)), max_size=3))
def test_streams_may_follow_one_another_anywhere(
    tmp_path_factory: pytest.TempPathFactory, compress: Compress, cuts: list[int]
) -> None:
    places = [0, *sorted(cuts), len(TAR)]
    data = b"".join(compress(TAR[one:two]) for one, two in pairwise(places))
    assert received_bytes(data, tmp_path_factory.mktemp("tar")).content == CONTENT


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("zeros", [4, 70_000, 200_000])
def test_zeros_between_and_after_streams_are_padding(
    tmp_path: Path, compress: Compress, zeros: int
) -> None:
    data = compress(TAR[:2000]) + bytes(zeros) + compress(TAR[2000:]) + bytes(zeros)
    came = received_bytes(data, tmp_path)
    assert (came.codes, came.content) == ([], CONTENT)


@each_compression
def test_a_second_archive_behind_the_first_is_refused(tmp_path: Path, compress: Compress) -> None:
    came = received_bytes(compress(TAR) + compress(a_file(b"c") + END), tmp_path)
    assert came.codes == [("archive-malformed", None)]
    assert "it goes on after its end" in came.report.findings[0].message


def test_a_second_plain_archive_behind_the_first_is_refused(tmp_path: Path) -> None:
    assert received_bytes(TAR + a_file(b"c") + END, tmp_path).codes == [("archive-malformed", None)]


@each_compression
def test_anything_else_behind_the_archive_is_refused(tmp_path: Path, compress: Compress) -> None:
    came = received_bytes(compress(TAR) + b"something", tmp_path)
    assert came.codes == [("archive-malformed", None)]


@each_compression
def test_a_compressed_tar_cut_anywhere_is_never_whole(tmp_path: Path, compress: Compress) -> None:
    data = compress(TAR)
    cuts = [*range(1, len(data), 37), *range(len(data) - 40, len(data))]
    came = [received_bytes(data[:kept], tmp_path, name="package.tar.x") for kept in cuts]
    whole = [each for each in came if each.report.is_accepted]
    # With less than the magic number nobody can know what it was meant to be.
    assert [list(each.content) for each in whole if len(each.content["package.tar.x"]) > 6] == []


def test_a_plain_tar_cut_anywhere_before_its_end_is_never_whole(tmp_path: Path) -> None:
    cuts = range(512, len(TAR) - len(END), 101)
    came = [received_bytes(TAR[:kept], tmp_path) for kept in cuts]
    assert {tuple(each.codes) for each in came} == {(("archive-truncated", None),)}


@each_compression
@given(at=st.integers(0, 1 << 16), bit=st.integers(0, 7))
def test_no_flipped_bit_of_a_compressed_tar_goes_unseen(
    tmp_path_factory: pytest.TempPathFactory, compress: Compress, at: int, bit: int
) -> None:
    data = bytearray(compress(TAR))
    data[at % len(data)] ^= 1 << bit
    came = received_bytes(bytes(data), tmp_path_factory.mktemp("tar"), name="package.tar.x")
    assert not came.report.is_accepted or came.content in (
        CONTENT,
        {"package.tar.x": bytes(data)},  # the magic number was hit
    )


def test_a_gzip_header_may_have_a_name_and_a_comment(tmp_path: Path) -> None:
    data = gzip.compress(TAR)
    named = data[:3] + b"\x18" + data[4:10] + b"name\0comment\0" + data[10:]
    assert received_bytes(named, tmp_path).content == CONTENT


@pytest.mark.parametrize(
    "packer",
    [
        *(zstandard.ZstdCompressor(level=level) for level in (-5, 1, 3, 19)),
        zstandard.ZstdCompressor(write_content_size=False),
        zstandard.ZstdCompressor(write_checksum=True, level=2),
    ],
)
def test_every_kind_of_zstandard_frame_is_read(
    tmp_path: Path, packer: zstandard.ZstdCompressor
) -> None:
    large = bytes(300_000) + NOISE * 200
    came = received_bytes(packer.compress(a_file(b"c", large) + END), tmp_path)
    assert (came.codes, came.content) == ([], {"c": large})


def test_skippable_frames_of_zstandard_are_skipped(tmp_path: Path) -> None:
    data = zst(TAR[:2000]) + SKIPPABLE + zst(TAR[2000:]) + SKIPPABLE
    assert received_bytes(data, tmp_path).content == CONTENT


def test_a_block_of_zstandard_over_its_limit_is_refused(tmp_path: Path) -> None:
    frame = b"\x28\xb5\x2f\xfd\x00\x58" + ((200_000 << 3) | 1).to_bytes(3, "little")
    data = zst(TAR[:2000]) + frame + bytes(200_000)
    came = received_bytes(data, tmp_path)
    assert came.codes == [("archive-malformed", None)]


def test_a_window_of_gigabytes_is_refused(tmp_path: Path) -> None:
    options = zstandard.ZstdCompressionParameters(window_log=30, write_content_size=False)
    packer = zstandard.ZstdCompressor(compression_params=options).compressobj()
    came = received_bytes(packer.compress(TAR) + packer.flush(), tmp_path, name="package.tar.zst")
    assert came.codes == [("archive-malformed", None)]


def test_an_xz_dictionary_over_our_memory_is_refused(tmp_path: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    data = lzma.compress(TAR, filters=filters)
    came = received_bytes(data, tmp_path, name="package.tar.xz")
    assert came.codes == [("archive-malformed", None)]


@each_compression
@pytest.mark.parametrize("where", ["an entry", "after the end"])
def test_a_bomb_is_given_up_wherever_it_is(tmp_path: Path, compress: Compress, where: str) -> None:
    zeros = bytes(3 << 20)
    tar = a_file(b"bomb", zeros) + END if where == "an entry" else TAR + zeros
    limits = UnpackLimits(max_ratio=20, ratio_from_bytes=1 << 20, reserve_bytes=0)
    came = received_bytes(compress(tar), tmp_path, limits=limits)
    assert came.codes == [("limit-ratio", "bomb" if where == "an entry" else None)]


def test_a_size_that_no_disk_has_is_a_lie_and_no_want_of_room(tmp_path: Path) -> None:
    huge = a_header(b"a", 8**11 - 1) + END
    assert received_bytes(huge, tmp_path).codes == [("archive-truncated", None)]
    assert received_bytes(gzip.compress(huge), tmp_path).codes == [("limit-ratio", "a")]
