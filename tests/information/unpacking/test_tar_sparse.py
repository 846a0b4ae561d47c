"""Sparse files: every format of GNU tar arrives with its holes, and no map makes us write more."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.information.unpacking.packages import received, received_bytes
from tests.information.unpacking.raw_tar import (
    END,
    a_file,
    a_header,
    extended,
    octal,
    padded,
    pax,
    record,
)

MIB = 1 << 20


def old_gnu(segments: list[tuple[int, int]], real: int, data: bytes, *, more: bytes = b"") -> bytes:
    """Make a sparse file with its map in the header; `more` are blocks that go on with it."""
    sparse = b"".join(octal(offset) + octal(size) for offset, size in segments)
    header = a_header(
        b"s",
        len(data),
        b"S",
        sparse=sparse,
        real_size=octal(real),
        magic=b"ustar  \0",
        is_extended=b"\1" if more else b"\0",
    )
    return header + more + padded(data) + END


def pax_1_0(numbers: bytes, data: bytes, real: bytes = b"20") -> bytes:
    """Make a sparse file with its map before the data."""
    records = {b"major": b"1", b"minor": b"0", b"name": b"s", b"realsize": real}
    stored = padded(numbers) + data
    sparse = pax({b"GNU.sparse." + key: value for key, value in records.items()})
    return sparse + a_file(b"GNUSparseFile/s", stored) + END


@pytest.mark.parametrize("options", ["--format=gnu", "0.0", "0.1", "1.0"])
def test_every_sparse_format_of_gnu_tar_keeps_its_holes(tmp_path: Path, options: str) -> None:
    pieces = {0: b"head", 3 * MIB: b"x" * 5000, 7 * MIB - 3: b"end"}
    with (tmp_path / "sparse").open("wb") as stream:
        for offset, content in pieces.items():
            stream.seek(offset)
            stream.write(content)
    words = (
        [options] if options.startswith("-") else ["--format=pax", f"--sparse-version={options}"]
    )
    subprocess.run(["tar", "-cSf", "package", *words, "sparse"], cwd=tmp_path, check=True)
    came = received(tmp_path / "package", tmp_path / "work")
    assert came.content == {"sparse": (tmp_path / "sparse").read_bytes()}
    assert (came.package / "sparse").stat().st_blocks * 512 < 3 * MIB


def test_a_file_with_many_holes_has_its_map_in_further_blocks(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as stream:
        for number in range(40):
            stream.seek(number * 64 * 1024)
            stream.write(b"x")
    subprocess.run(["tar", "-cSf", "package", "--format=gnu", "sparse"], cwd=tmp_path, check=True)
    came = received(tmp_path / "package", tmp_path / "work")
    assert came.content == {"sparse": (tmp_path / "sparse").read_bytes()}


@given(holes=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), max_size=4))
def test_a_map_says_where_the_data_are(
    tmp_path_factory: pytest.TempPathFactory, holes: list[tuple[int, int]]
) -> None:
    segments, whole = [], b""
    for hole, size in holes:
        segments.append((len(whole) + hole, size))
        whole += bytes(hole) + b"d" * size
    data = b"d" * sum(size for _, size in segments)
    folder = tmp_path_factory.mktemp("tar")
    came = received_bytes(old_gnu(segments, len(whole), data), folder)
    assert (came.codes, came.content) == ([], {"s": whole})


def test_the_map_of_0_0_is_a_list_of_records(tmp_path: Path) -> None:
    pairs = [(b"size", b"9"), (b"offset", b"2"), (b"numbytes", b"3")]
    records = b"".join(record(b"GNU.sparse." + key, value) for key, value in pairs)
    came = received_bytes(extended(records) + a_file(b"s", b"abc") + END, tmp_path)
    assert came.content == {"s": b"\0\0abc\0\0\0\0"}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(old_gnu([(5, 3), (0, 3)], 9, b"x" * 6), id="out of order"),
        pytest.param(old_gnu([(0, 3), (2, 3)], 9, b"x" * 6), id="overlapping"),
        pytest.param(old_gnu([(0, 9)], 5, b"x" * 9), id="beyond the end"),
        pytest.param(old_gnu([(0, 3)], 9, b"x" * 6), id="less than is stored"),
        pytest.param(old_gnu([(0, 3)], 9, b"x" * 3, more=b"\1" * 512), id="no number"),
        pytest.param(
            old_gnu([(0, 0)], 9, b"", more=(bytes(504) + b"\1" + bytes(7)) * 17_000),
            id="a map that does not end",
        ),
        pytest.param(pax_1_0(b"x\n", b""), id="no count"),
        pytest.param(pax_1_0(b"1\n0\n", b""), id="half a pair"),
        pytest.param(pax_1_0(b"99999999999\n" + b"0\n" * 600, b""), id="a huge count"),
        pytest.param(pax_1_0(b"9" * 600, b""), id="a number without end"),
        pytest.param(pax_1_0(b"400\n" + b"0\n" * 250, b""), id="a map longer than the data"),
        pytest.param(pax_1_0(b"1\n0\n3\n", b"abc", real=b"x"), id="no size"),
        pytest.param(pax({b"GNU.sparse.map": b"0,1,2"}) + a_file(b"s", b"x") + END, id="odd map"),
        pytest.param(
            pax({b"GNU.sparse.map": b"0,1"}) + a_file(b"s", b"x") + END, id="a map without size"
        ),
        pytest.param(
            pax({b"GNU.sparse.major": b"2", b"GNU.sparse.minor": b"0"}) + a_file(b"s") + END,
            id="a later format",
        ),
    ],
)
def test_a_map_that_makes_no_sense_refuses_the_archive(tmp_path: Path, data: bytes) -> None:
    came = received_bytes(data, tmp_path)
    assert came.codes == [("archive-malformed", None)]


def test_a_hole_of_terabytes_is_a_bomb(tmp_path: Path) -> None:
    came = received_bytes(old_gnu([(0, 3)], 8**11 - 1, b"abc"), tmp_path)
    assert came.codes == [("limit-ratio", "s")]
    assert came.files == []
