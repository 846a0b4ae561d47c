"""Tar headers, read block by block: what `tarfile` and GNU tar write is read alike."""

from __future__ import annotations

import io
import tarfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.unpacking.faults import BadArchive
from muniment.information.unpacking.streams import ForwardStream
from muniment.information.unpacking.tar_entries import TarEntry, read_entries
from muniment.information.unpacking.tar_header import number, parse_header
from tests.information.unpacking.packages import received_bytes
from tests.information.unpacking.raw_tar import (
    END,
    a_file,
    a_header,
    extended,
    octal,
    pax,
    record,
    with_checksum,
)

X = a_header(kind=b"x")
FORMATS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]


def entries_of(data: bytes, folder: Path) -> list[TarEntry]:
    """Read all entries of a tar."""
    (folder / "tar").write_bytes(data)
    with (folder / "tar").open("rb", buffering=0) as stream:
        return list(read_entries(ForwardStream(stream, "")))


@dataclass(frozen=True)
class Wanted:
    """One entry for `tarfile` to write."""

    name: bytes
    content: bytes
    modified: float


def any_name(most: int) -> st.SearchStrategy[bytes]:
    letters = st.integers(1, 255).filter(lambda byte: byte not in b"/")
    part = st.lists(letters, min_size=1, max_size=most).map(bytes)
    return st.lists(part, min_size=1, max_size=3).map(b"/".join)


def wanted(most_letters: int, most_content: int = 1500) -> st.SearchStrategy[Wanted]:
    content = st.binary(max_size=most_content)
    return st.builds(Wanted, any_name(most_letters), content, st.integers(0, 2**33 - 1))


def written(entries: list[Wanted], format_: int) -> bytes:
    """Write a tar by `tarfile`."""
    buffer = io.BytesIO()
    options = {"encoding": "utf-8", "errors": "surrogateescape"}
    with tarfile.open(fileobj=buffer, mode="w:", format=format_, **options) as archive:  # type: ignore[call-overload]  # names as bytes
        for each in entries:
            info = tarfile.TarInfo(each.name.decode("utf-8", "surrogateescape"))
            info.size, info.mtime = len(each.content), each.modified
            archive.addfile(info, io.BytesIO(each.content))
    return buffer.getvalue()


def seen(entries: list[TarEntry]) -> list[tuple[bytes, int, float]]:
    return [(entry.name, entry.size_bytes, entry.modified) for entry in entries]


@given(entries=st.lists(wanted(250), max_size=4), format_=st.sampled_from(FORMATS[1:]))
def test_what_tarfile_writes_is_read_to_the_byte(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Wanted], format_: int
) -> None:
    found = entries_of(written(entries, format_), tmp_path_factory.mktemp("tar"))
    assert seen(found) == [(each.name, len(each.content), each.modified) for each in entries]


@given(entries=st.lists(wanted(30), max_size=4))
def test_what_tarfile_writes_as_ustar_is_read_to_the_byte(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Wanted]
) -> None:
    found = entries_of(written(entries, FORMATS[0]), tmp_path_factory.mktemp("tar"))
    assert seen(found) == [(each.name, len(each.content), each.modified) for each in entries]


def test_a_name_of_255_bytes_is_split_by_ustar_and_joined_again(tmp_path: Path) -> None:
    name = b"/".join([b"p" * 50, b"q" * 100, b"r" * 100])
    assert seen(entries_of(written([Wanted(name, b"", 0)], FORMATS[0]), tmp_path)) == [(name, 0, 0)]


def test_times_where_posix_has_the_prefix_are_no_prefix(tmp_path: Path) -> None:
    gnu = a_header(b"a", magic=b"ustar  \0", prefix=octal(1_700_000_000))
    assert [entry.name for entry in entries_of(gnu + END, tmp_path)] == [b"a"]


def test_a_v7_header_without_magic_is_read(tmp_path: Path) -> None:
    old = a_header(b"d/", magic=b"", kind=b"\0") + a_header(b"d/a", magic=b"", kind=b"\0")
    came = received_bytes(old + END, tmp_path)
    assert (came.codes, list(came.content)) == ([], ["d/a"])


def test_long_names_and_links_of_gnu_win(tmp_path: Path) -> None:
    data = (
        extended(b"n" * 300 + b"\0", b"L")
        + extended(b"l" * 300 + b"\0rest", b"K")
        + a_header(b"short", kind=b"2", link=b"short")
    )
    (entry,) = entries_of(data + END, tmp_path)
    assert (entry.name, entry.link) == (b"n" * 300, b"l" * 300)


def test_records_win_over_the_header_and_global_ones_last(tmp_path: Path) -> None:
    data = (
        pax({b"mtime": b"7", b"comment": b"from git"}, b"g")
        + pax({b"path": b"one", b"size": b"3", b"SCHILY.fflags": b"x"})
        + a_header(b"short", 0)
        + b"abc".ljust(512, b"\0")
        + a_file(b"two")
        + pax({b"mtime": b"1.5"}, b"X")
        + a_file(b"three")
    )
    assert seen(entries_of(data + END, tmp_path)) == [
        (b"one", 3, 7.0),
        (b"two", 0, 7.0),
        (b"three", 0, 1.5),
    ]


def test_a_record_without_value_takes_back(tmp_path: Path) -> None:
    data = pax({b"path": b"for all"}, b"g") + pax({b"path": b""}) + a_file(b"own")
    assert seen(entries_of(data + END, tmp_path)) == [(b"own", 0, 0.0)]


@given(records=st.dictionaries(st.binary(min_size=1).filter(lambda k: b"=" not in k), st.binary()))
def test_records_of_any_bytes_are_read_over(
    tmp_path_factory: pytest.TempPathFactory, records: dict[bytes, bytes]
) -> None:
    data = extended(b"".join(record(b"x" + key, value) for key, value in records.items()))
    folder = tmp_path_factory.mktemp("tar")
    assert seen(entries_of(data + a_file(b"a") + END, folder)) == [(b"a", 0, 0.0)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (octal(0o777), 0o777),
        (b"   17 \0", 0o17),
        (b"", 0),
        (b"\0\0\0", 0),
        (b"\x80" + bytes(3) + b"\1\0", 256),
        (b"\xff" * 12, -1),
        (b"\x80" + b"\xff" * 11, 2**88 - 1),
    ],
)
def test_numbers_are_octal_or_binary(field: bytes, value: int) -> None:
    assert number(field or b"\0") == value


@pytest.mark.parametrize("field", [b"9", b"0x1", b"1_0", b"-1", b"\xb2", b"1 1"])
def test_what_is_no_number_is_no_header(field: bytes) -> None:
    with pytest.raises(BadArchive, match="not octal"):
        number(field)


def test_the_checksum_of_signed_bytes_is_known() -> None:
    block = bytearray(a_header("é".encode()))
    signed = sum(block[:148]) + sum(block[156:]) + 8 * 0x20 - 2 * 256
    block[148:156] = b"%06o\0 " % signed
    assert parse_header(bytes(block)).name == "é".encode()


@given(block=st.binary(min_size=512, max_size=512), is_summed=st.booleans())
def test_any_block_is_a_header_or_refused(block: bytes, is_summed: bool) -> None:
    summed = with_checksum(block) if is_summed else block
    with suppress(BadArchive):
        assert parse_header(summed).block == summed


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (a_header(size=0, kind=b"x"), "has no entry"),
        (extended(b"x" * 9), "malformed record"),
        (extended(b"5 a=b"), "malformed record"),
        (extended(b"0 a=b\n"), "malformed record"),
        (extended(b"99 a=b\n"), "malformed record"),
        (extended(b"2 a=b\n"), "malformed record"),
        (extended(b"07 a=b\n"), "malformed record"),
        (extended(b"1" * 100_000), "malformed record"),
        (extended(b"5 ab\n"), "without a value"),
        (pax({b"size": b"x"}) + a_file(b"a"), "not a number"),
        (pax({b"size": b"-1"}) + a_file(b"a"), "not a number"),
        (pax({b"size": "²".encode()}) + a_file(b"a"), "not a number"),
        (pax({b"size": b"9" * 5000}) + a_file(b"a"), "not a number"),
        (pax({b"mtime": b"noon"}) + a_file(b"a"), "not a number"),
        (a_file(b"a").replace(b"a", b"b", 1), "checksum"),
        (a_file(b"a") + b"x" * 512, "no header at byte 512"),
        (with_checksum(a_header(b"a")[:124] + b"\xff" * 12 + a_header()[136:]), "negative size"),
        (a_header(kind=b"x", size=9 << 20), "headers of an entry claim"),
        (
            with_checksum(a_header(kind=b"x")[:124] + b"\xff" * 12 + a_header(kind=b"x")[136:]),
            "claim",
        ),
        (extended(b"n" * (5 << 20), b"L") * 2 + a_file(b"a"), "headers of an entry claim"),
        (extended(b"n\0", b"L") * 16 + a_file(b"a"), "too many extended headers"),
        (pax({b"a": b"b"}) * 5000 + a_file(b"a"), "too many extended headers"),
    ],
)
def test_a_tar_that_lies_is_malformed_and_says_why(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    came = received_bytes(data + END, tmp_path, name="package.tar")
    assert came.codes == [("archive-malformed", None)]
    assert reason in came.report.findings[0].message


@pytest.mark.parametrize("modified", [b"nan", b"inf", b"-1e300", b"1e18"])
def test_a_time_that_no_calendar_has_is_left_out(tmp_path: Path, modified: bytes) -> None:
    came = received_bytes(pax({b"mtime": modified}) + a_file(b"a") + END, tmp_path)
    assert (came.codes, came.files[0].modified_at) == ([], None)
