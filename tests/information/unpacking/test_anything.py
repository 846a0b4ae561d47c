"""Whatever the names and the bytes: a report, and not a byte outside the work area."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.paths import decode_name
from muniment.information.unpacking.intake import CODES
from tests.information.unpacking.packages import Received, received_bytes
from tests.information.unpacking.raw_tar import END, a_file, a_header, pax
from tests.information.unpacking.raw_zip import a_member, raw_zip

Entry = tuple[bytes, bytes, bytes]
"""Name, tar's type of entry, target."""

TOKENS = [b"..", b".", b"/", b"\\", b"C:", b"\0", b"a", b"b", b"\xff", b"%2e", b"\xc3\xa9", b" "]
NAMES = st.lists(st.sampled_from(TOKENS), max_size=6).map(b"".join)
KINDS = st.sampled_from([b"0", b"1", b"2", b"5", b"6", b"7", b"\0", b"?"])
ENTRIES = st.lists(st.tuples(NAMES, KINDS, NAMES), max_size=5)
MODES = {b"2": 0o120777, b"5": 0o040755, b"6": 0o010644}


def as_tar(entries: Sequence[Entry]) -> bytes:
    packed = (
        pax({b"path": name, b"linkpath": target}) + a_header(b"", kind=kind)
        for name, kind, target in entries
    )
    return a_file(b"first", b"x") + b"".join(packed) + END


def as_zip(entries: Sequence[Entry]) -> bytes:
    members = [
        a_member(name, target if kind == b"2" else b"", mode=MODES.get(kind, 0))
        for name, kind, target in entries
    ]
    return raw_zip([a_member(b"first", b"x"), *members])


def assert_contained(came: Received, work: Path) -> None:
    """What was written is what was listed, inside the package, and no link."""
    written = [path for path in came.package.rglob("*") if not path.is_dir()]
    assert not any(path.is_symlink() for path in written)
    listed = {str(came.package / file.path) for file in came.files}
    assert {str(path) for path in written} == listed
    assert sorted(path.name for path in work.iterdir()) == ["package", "work"]
    assert sorted(path.name for path in (work / "work").iterdir()) == ["listing.jsonl", "package"]


@pytest.mark.parametrize("pack", [as_tar, as_zip])
@given(entries=ENTRIES, links=st.sampled_from(["refuse", "copy"]))
def test_no_names_lead_out_of_the_work_area(
    tmp_path_factory: pytest.TempPathFactory,
    pack: Callable[[Sequence[Entry]], bytes],
    entries: list[Entry],
    links: str,
) -> None:
    work = tmp_path_factory.mktemp("names")
    came = received_bytes(pack(entries), work, links=links)  # type: ignore[arg-type]  # a parameter
    assert_contained(came, work)
    assert "first" in came.content


@pytest.mark.parametrize("pack", [as_tar, as_zip])
@given(names=st.lists(NAMES, max_size=5))
def test_a_name_is_kept_to_the_byte_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    pack: Callable[[Sequence[Entry]], bytes],
    names: list[bytes],
) -> None:
    came = received_bytes(pack([(name, b"0", b"") for name in names]), tmp_path_factory.mktemp("n"))
    kept = {decode_name(file.original_name) for file in came.files}
    plain = {
        b"/".join(part for part in name.split(b"/") if part not in {b"", b"."}) for name in names
    }
    assert kept <= plain | {b"first"}
    errors = [code for code, _ in came.codes if not code.startswith("name-")]
    folders = sum(name.endswith(b"/") for name in names)
    assert len(came.files) + len(errors) + folders >= len(names) + 1


WHOLE = {
    "tar": as_tar([(b"d/a", b"0", b""), (b"l", b"1", b"first")]),
    "zip": raw_zip([a_member(b"first", b"x"), a_member(b"d/a", b"content" * 9, method=8)]),
}


@pytest.mark.parametrize("whole", WHOLE.values(), ids=WHOLE)
@given(places=st.lists(st.tuples(st.integers(0, 1 << 14), st.binary(min_size=1, max_size=9))))
def test_damage_of_any_kind_is_reported_and_contained(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, places: list[tuple[int, bytes]]
) -> None:
    data = bytearray(whole)
    for at, noise in places:
        data[at % len(whole) : at % len(whole) + len(noise)] = noise
    work = tmp_path_factory.mktemp("damage")
    came = received_bytes(bytes(data), work)
    assert_contained(came, work)
    assert all(finding.code in CODES for finding in came.report.findings)


@given(at=st.integers(0, 1 << 14), bit=st.integers(0, 7))
def test_no_flipped_bit_of_a_zip_changes_its_content(
    tmp_path_factory: pytest.TempPathFactory, at: int, bit: int
) -> None:
    data = bytearray(WHOLE["zip"])
    data[at % len(data)] ^= 1 << bit
    came = received_bytes(bytes(data), tmp_path_factory.mktemp("flip"))
    assert not came.report.is_accepted or came.content in (
        {"first": b"x", "d/a": b"content" * 9},
        {"package": bytes(data)},  # the magic number was hit
    )
