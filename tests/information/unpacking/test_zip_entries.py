"""Entries of a ZIP: what the directory says, what stands beside the bytes, and the bytes agree."""

from __future__ import annotations

import bz2
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.unpacking import UnpackLimits
from tests.information.unpacking.packages import received_bytes
from tests.information.unpacking.raw_zip import (
    End,
    Member,
    a_member,
    central_header,
    end_record,
    local_header,
    raw_zip,
)

TEXT = b"content " * 9
A = a_member(b"a", TEXT)
PACKED = a_member(b"a", TEXT, method=8)
MOST = 0xFFFFFFFF


def zip64_field(*values: int) -> bytes:
    """Return the extra field with large numbers."""
    return struct.pack("<2H", 1, 8 * len(values)) + b"".join(struct.pack("<Q", v) for v in values)


def reason_of(
    members: list[Member], tmp_path: Path, gap: bytes = b""
) -> tuple[str, str | None, str]:
    """Return code, path and text of the one finding."""
    (finding,) = received_bytes(raw_zip(members, gap=gap), tmp_path).report.findings
    return finding.code, finding.path, finding.message


def test_a_data_descriptor_may_follow_the_bytes(tmp_path: Path) -> None:
    after = struct.pack("<4s3L", b"PK\7\x08", PACKED.local.crc, len(PACKED.data), len(TEXT))
    streamed = replace(PACKED, after=after).but(flags=8).but_beside(crc=0, packed=0, size=0)
    assert received_bytes(raw_zip([streamed]), tmp_path).content == {"a": TEXT}


def test_sizes_of_zip64_stand_in_the_extra_field(tmp_path: Path) -> None:
    packed, size = len(PACKED.data), len(TEXT)
    large = replace(
        PACKED,
        central=replace(PACKED.central, packed=MOST, size=MOST, extra=zip64_field(size, packed, 0)),
        local=replace(PACKED.local, packed=MOST, size=MOST, extra=zip64_field(size, packed)),
        offset=MOST,
    )
    assert received_bytes(raw_zip([large]), tmp_path).content == {"a": TEXT}


@pytest.mark.parametrize(
    "extra",
    [b"", b"\1\0", zip64_field(), b"\x55\x54\xff\xff\1", b"\x55\x54\5\0\1\0\0\0\xff", b"\0" * 50],
)
def test_extra_fields_may_be_anything(tmp_path: Path, extra: bytes) -> None:
    assert received_bytes(raw_zip([A.but(extra=extra)]), tmp_path).content == {"a": TEXT}


@pytest.mark.parametrize(
    ("extra", "date", "time", "modified"),
    [
        (b"", 0x21, 0, "1980-01-01T00:00:00+00:00"),
        (b"", 0, 0, None),
        (b"", 0x21, 0xFFFF, None),
        (b"UT\5\0\1\0\0\0\0", 0, 0, "1970-01-01T00:00:00+00:00"),
        (b"UT\5\0\1\xff\xff\xff\xff", 0, 0, "1969-12-31T23:59:59+00:00"),
        (b"UT\5\0\0\0\0\0\0", 0x21, 0, "1980-01-01T00:00:00+00:00"),
        (b"xx\1\0\0UT\5\0\1\0\0\0\0", 0x21, 0, "1970-01-01T00:00:00+00:00"),
    ],
)
def test_a_time_is_read_where_one_is_given(
    tmp_path: Path, extra: bytes, date: int, time: int, modified: str | None
) -> None:
    member = A.but(extra=extra, date=date, time=time)
    assert received_bytes(raw_zip([member]), tmp_path).files[0].modified_at == modified


@pytest.mark.parametrize(
    ("beside", "reason"),
    [
        ({"name": b"b"}, "its name in the directory differs"),
        ({"name": b"a\0"}, "its name in the directory differs"),
        ({"method": 8}, "how it was packed"),
        ({"flags": 1}, "how it was packed"),
        ({"size": 1}, "size or CRC-32"),
        ({"packed": 1}, "size or CRC-32"),
        ({"crc": 1}, "size or CRC-32"),
        ({"size": MOST, "packed": MOST, "extra": zip64_field(9, len(TEXT))}, "size or CRC-32"),
    ],
)
def test_an_entry_whose_two_headers_differ_is_damaged(
    tmp_path: Path, beside: dict[str, object], reason: str
) -> None:
    code, path, message = reason_of([A.but_beside(**beside)], tmp_path)
    assert (code, path) == ("entry-corrupt", "a")
    assert reason in message


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (A.but(size=len(TEXT) + 1), "72 bytes of the 73"),
        (A.but(size=5), "larger than the 5 bytes"),
        (A.but(crc=7), "declared 00000007"),
        (PACKED.but(data=PACKED.data[:-4], packed=len(PACKED.data) - 4), "ends too early"),
        (PACKED.but(data=b"\xff" * 9, packed=9), "invalid"),
        (PACKED.but(data=PACKED.data + b"more", packed=len(PACKED.data) + 4), "follows its end"),
    ],
)
def test_bytes_that_are_not_what_was_declared_are_damage(
    tmp_path: Path, member: Member, reason: str
) -> None:
    code, path, message = reason_of([member, a_member(b"good")], tmp_path)
    assert (code, path) == ("entry-corrupt", "a")
    assert reason in message


@pytest.mark.parametrize(("method", "pack"), [(12, bz2.compress), (93, zstandard.compress)])
def test_other_methods_hold_one_stream_and_nothing_behind_it(
    tmp_path: Path, method: int, pack: Callable[[bytes], bytes]
) -> None:
    whole = a_member(b"a", TEXT, method=method, data=pack(TEXT))
    assert received_bytes(raw_zip([whole]), tmp_path).content == {"a": TEXT}
    more = a_member(b"a", TEXT, method=method, data=pack(TEXT) + pack(b"more"))
    assert "something follows its end" in reason_of([more], tmp_path)[2]
    short = a_member(b"a", TEXT, method=method, data=pack(TEXT)[:-1])
    assert "it ends too early" in reason_of([short], tmp_path)[2]


def test_a_directory_that_points_nowhere_is_damage(tmp_path: Path) -> None:
    nowhere = replace(a_member(b"b"), offset=200)
    code, path, message = reason_of([A, nowhere], tmp_path, gap=bytes(500))
    assert (code, path) == ("entry-corrupt", "b")
    assert "no header where the directory points to" in message


def test_a_damaged_entry_does_not_hide_the_others(tmp_path: Path) -> None:
    came = received_bytes(raw_zip([A.but(crc=7), a_member(b"b", b"good")]), tmp_path)
    assert came.content == {"b": b"good"}


def test_nothing_may_be_packed_to_nothing(tmp_path: Path) -> None:
    empty = a_member(b"a", b"", method=8, data=b"")
    assert received_bytes(raw_zip([empty]), tmp_path).content == {"a": b""}


@pytest.mark.parametrize("name", [b"d/", b"d"])
def test_a_folder_that_has_content_is_damage(tmp_path: Path, name: bytes) -> None:
    folder = a_member(name, b"hidden", mode=0o040755)
    code, path, message = reason_of([folder], tmp_path)
    assert (code, path) == ("entry-corrupt", name.decode())
    assert "a folder that has content" in message


def test_folders_are_made_and_reported_when_empty(tmp_path: Path) -> None:
    members = [a_member(b"d/"), a_member(b"e", mode=0o040755), a_member(b"f/x", b"x")]
    came = received_bytes(raw_zip(members), tmp_path)
    assert (came.codes, came.report.empty_folders) == ([], ("d", "e"))


@pytest.mark.parametrize("mode", [0o010644, 0o020644, 0o060644, 0o140644, 0o170000])
def test_special_files_of_a_zip_are_refused(tmp_path: Path, mode: int) -> None:
    code, path, _ = reason_of([a_member(b"x", mode=mode)], tmp_path)
    assert (code, path) == ("entry-special", "x")


LINK = a_member(b"l", b"a", mode=0o120777)


@pytest.mark.parametrize(
    ("link", "code"),
    [
        (a_member(b"l", b"a" * 5000, mode=0o120777), "entry-special"),
        (LINK.but(flags=1), "entry-special"),
        (LINK.but(method=99), "entry-special"),
        (LINK.but(crc=7), "entry-corrupt"),
        (a_member(b"../l", b"a", mode=0o120777), "path-parent"),
        (a_member(b"l", b"a\0b", mode=0o120777), "link-leaves"),
        (a_member(b"l", b"", mode=0o120777), "link-leaves"),
        (a_member(b"l", b"\\\\server\\x", mode=0o120777), "link-leaves"),
    ],
)
def test_a_link_that_cannot_be_read_or_leaves_is_refused(
    tmp_path: Path, link: Member, code: str
) -> None:
    came = received_bytes(raw_zip([link]), tmp_path, links="copy")
    assert [found for found, _ in came.codes] == [code]
    assert came.content == {}


def test_entries_that_share_bytes_are_refused_unread(tmp_path: Path) -> None:
    twin = A.but(name=b"b")
    data = raw_zip([A, replace(twin, offset=0)], gap=bytes(1000))
    came = received_bytes(data, tmp_path)
    assert came.codes == [("archive-malformed", None)]
    assert came.content == {}


def test_a_quine_of_quoted_headers_is_refused(tmp_path: Path) -> None:
    inner = local_header(a_member(b"b", b"x").local) + b"x"
    outer = a_member(b"a", inner)
    inside = replace(a_member(b"b", b"x"), offset=30 + 1)
    body = local_header(outer.local) + inner
    directory = central_header(outer, 0) + central_header(inside, 31)
    data = body + directory + end_record(2, len(directory), len(body))
    assert received_bytes(data, tmp_path).codes == [("archive-malformed", None)]


@given(order=st.permutations(range(4)))
def test_a_directory_in_any_order_is_read(
    tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    members = [a_member(b"%d" % number, b"x" * number) for number in range(4)]
    body, places = b"", []
    for member in members:
        places.append(len(body))
        body += local_header(member.local) + member.data
    directory = b"".join(central_header(members[n], places[n]) for n in order)
    data = body + directory + end_record(4, len(directory), len(body))
    came = received_bytes(data, tmp_path_factory.mktemp("zip"))
    assert came.content == {str(n): b"x" * n for n in range(4)}


@pytest.mark.parametrize("member", [replace(A, offset=10_000), replace(A, offset=31)])
def test_an_entry_that_lies_outside_is_refused(tmp_path: Path, member: Member) -> None:
    assert received_bytes(raw_zip([member]), tmp_path).codes == [("archive-malformed", None)]


def test_an_offset_that_no_file_has_is_refused(tmp_path: Path) -> None:
    far = replace(A, central=replace(A.central, extra=zip64_field(2**64 - 1)), offset=MOST)
    assert received_bytes(raw_zip([far]), tmp_path).codes == [("archive-malformed", None)]


def test_entries_are_counted_against_the_limit(tmp_path: Path) -> None:
    members = [a_member(b"%d" % number) for number in range(9)]
    limits = UnpackLimits(max_entries=3, reserve_bytes=0)
    came = received_bytes(raw_zip(members), tmp_path, limits=limits)
    assert (came.codes, len(came.files)) == ([("limit-entries", None)], 3)


def test_a_long_directory_is_read_in_pieces(tmp_path: Path) -> None:
    members = [a_member(b"%020d" % n, b"x") for n in range(30)]
    large = [m.but(extra=b"zz" + struct.pack("<H", 60_000) + bytes(60_000)) for m in members]
    assert len(received_bytes(raw_zip(large), tmp_path).files) == 30


@given(contents=st.dictionaries(st.sampled_from([b"a", b"b/c", b"\xff", b"d"]), st.binary()))
def test_what_is_packed_arrives(
    tmp_path_factory: pytest.TempPathFactory, contents: dict[bytes, bytes]
) -> None:
    members = [a_member(name, data, method=8) for name, data in contents.items()]
    came = received_bytes(raw_zip(members, End()), tmp_path_factory.mktemp("zip"))
    assert sorted(came.content.values()) == sorted(contents.values())
