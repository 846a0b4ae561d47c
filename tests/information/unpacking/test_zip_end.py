"""APPNOTE §4.3.16: one end record says where the directory lies, and nothing may contradict it."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.information.unpacking.packages import received_bytes
from tests.information.unpacking.raw_zip import (
    End,
    a_member,
    central_header,
    end_record,
    local_header,
    raw_zip,
    zip64_end,
)

A = a_member(b"a", b"content")
WHOLE = raw_zip([A])
MOST = 0xFFFFFFFF


def with_zip64(end: End, *, more: bytes = b"", entries: int = 1, shift: int = 0) -> bytes:
    """Put a Zip64 record between the directory and the end record."""
    body = local_header(A.local) + A.data
    directory = central_header(A, 0)
    place = len(body) + len(directory)
    record = zip64_end(entries, len(directory), len(body), place + shift, more)
    return body + directory + record + end_record(1, len(directory), len(body), end)


@pytest.mark.parametrize(
    "comment",
    [
        b"made by hand",
        b"x" * 65535,
        b"PK\5\6",
        b"PK\5\6" + bytes(40),
        b"an end within: PK\5\6 and on" * 5,
        b"PK\5\6" + bytes(16) + b"\1\0",
    ],
)
def test_a_comment_may_say_anything(tmp_path: Path, comment: bytes) -> None:
    came = received_bytes(raw_zip([A], End(comment=comment)), tmp_path)
    assert (came.codes, came.content) == ([], {"a": b"content"})


@given(comment=st.binary(max_size=200))
def test_no_comment_hides_an_entry(
    tmp_path_factory: pytest.TempPathFactory, comment: bytes
) -> None:
    came = received_bytes(raw_zip([A], End(comment=comment)), tmp_path_factory.mktemp("zip"))
    assert came.content == {"a": b"content"}


def test_an_end_within_the_comment_that_fits_as_well_is_refused(tmp_path: Path) -> None:
    forged = raw_zip([a_member(b"b", b"other")])
    came = received_bytes(raw_zip([A], End(comment=forged)), tmp_path)
    assert came.codes == [("archive-malformed", None)]
    assert "two ends" in came.report.findings[0].message


def test_zeros_after_the_end_are_padding(tmp_path: Path) -> None:
    assert received_bytes(WHOLE + bytes(1000), tmp_path).content == {"a": b"content"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (WHOLE + b"hidden", "follows its end"),
        (raw_zip([a_member(b"b")]) + WHOLE, "not where its end says"),
        (raw_zip([A], gap=b"PK\5\6"), None),
        (raw_zip([A], End(before=b"between")), "not where its end says"),
        (raw_zip([A], End(offset=5)), "not where its end says"),
        (raw_zip([A], End(offset=MOST)), "not where its end says"),
        (raw_zip([A], End(size=1 << 31)), "not where its end says"),
        (raw_zip([A], End(disk=1)), "one part of several"),
        (raw_zip([A], End(start_disk=1)), "one part of several"),
        (raw_zip([A], End(count=2)), "less than it counts"),
        (raw_zip([A], End(count=0)), "more than it counts"),
        (raw_zip([A, A.but(name=b"b")], End(count=1)), "more than it counts"),
        (WHOLE.replace(b"PK\1\2", b"PK\1\3"), "directory is damaged"),
    ],
)
def test_an_end_that_lies_refuses_the_archive(
    tmp_path: Path, data: bytes, reason: str | None
) -> None:
    came = received_bytes(data, tmp_path)
    assert came.codes == ([("archive-malformed", None)] if reason else [])
    assert reason is None or reason in came.report.findings[0].message


def test_a_zip_cut_anywhere_is_truncated(tmp_path: Path) -> None:
    cuts = range(4, len(WHOLE))
    came = [received_bytes(WHOLE[:kept], tmp_path) for kept in cuts]
    assert {tuple(each.codes) for each in came} == {(("archive-truncated", None),)}
    assert not any(each.files for each in came)


@pytest.mark.parametrize("cut", [1, 30])
def test_a_comment_cut_short_is_truncated(tmp_path: Path, cut: int) -> None:
    came = received_bytes(raw_zip([A], End(comment=b"c" * 30))[:-cut], tmp_path)
    assert came.codes == [("archive-truncated", None)]


@pytest.mark.parametrize(
    "end",
    [
        End(),
        End(count=0xFFFF),
        End(size=MOST, offset=MOST),
        End(disk=0xFFFF, start_disk=0xFFFF, count=0xFFFF, size=MOST, offset=MOST),
    ],
)
def test_the_numbers_of_zip64_stand_for_those_that_are_too_small(tmp_path: Path, end: End) -> None:
    assert received_bytes(with_zip64(end), tmp_path).content == {"a": b"content"}
    longer = received_bytes(with_zip64(end, more=b"of later years"), tmp_path)
    assert longer.content == {"a": b"content"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (with_zip64(End(count=7)), "two ends disagree"),
        (with_zip64(End(), entries=2), "two ends disagree"),
        (with_zip64(End(offset=1)), "two ends disagree"),
        (with_zip64(End(count=0xFFFF), entries=1 << 62), "less than it counts"),
        (with_zip64(End(), shift=1), "Zip64 record is not where"),
        (with_zip64(End(), shift=1 << 62), "Zip64 record is not where"),
        (with_zip64(End()).replace(b"PK\6\6", b"PK\6\0"), "Zip64 record is not where"),
        (
            with_zip64(End()).replace(b"PK\6\6" + struct.pack("<Q", 44), b"PK\6\6" + bytes(8)),
            "Zip64 record is not where",
        ),
    ],
)
def test_a_zip64_end_that_lies_refuses_the_archive(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    came = received_bytes(data, tmp_path)
    assert came.codes == [("archive-malformed", None)]
    assert reason in came.report.findings[0].message


def test_a_program_that_unpacks_itself_is_content(tmp_path: Path) -> None:
    came = received_bytes(b"MZ program" + WHOLE, tmp_path)
    assert list(came.content) == ["package"]
