"""Every family: its good file is valid and known, its damaged file is not valid."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.formats.examination_child import examine_file
from muniment.formats.families import NAMES, family_name
from muniment.formats.types import Examination, Validity
from tests.formats.files import KINDS, Kind, kind

EVERY_KIND = pytest.mark.parametrize("one", KINDS, ids=lambda one: one.name)
# Without ffprobe the streams of these are not looked into, so damage may stay unseen.
MEDIA = {"a.wav", "a.flac", "a.avi"}
# Text of any length is text, and these lose only what came after.
SHORTER_IS_FINE = {"a.csv", "latin1.txt", "utf16.txt", "a.py", "a.eml", "a.mbox"}
CUT = [one for one in KINDS if one.name not in (MEDIA - {"a.wav"}) | SHORTER_IS_FINE]
# They have checksums, or a syntax that no byte of zeros fits.
HOLED = ["a.png", "a.docx", "a.xlsx", "a.odt", "a.zip", "a.gz", "a.xml", "a.warc.gz"]


@EVERY_KIND
def test_the_right_family_is_chosen(one: Kind, tmp_path: Path) -> None:
    assert family_name(one.request(tmp_path / one.name)) == one.family


def test_every_family_has_a_file_here() -> None:
    assert {one.family for one in KINDS} == NAMES


@EVERY_KIND
def test_a_good_file_is_valid(one: Kind, tmp_path: Path) -> None:
    seen = examine_file(one.write(tmp_path))
    assert seen.validity in {Validity.VALID, Validity.NOT_CHECKED}
    assert [finding.message for finding in seen.findings] == []
    assert seen.tools


@EVERY_KIND
def test_a_good_file_has_its_properties(one: Kind, tmp_path: Path) -> None:
    seen = examine_file(one.write(tmp_path))
    assert one.properties.items() <= seen.properties.items()


@pytest.mark.parametrize("one", CUT, ids=lambda one: one.name)
def test_a_truncated_file_is_not_valid(one: Kind, tmp_path: Path) -> None:
    content = one.make()
    seen = examine_file(one.write(tmp_path, content[: len(content) * 2 // 5]))
    assert seen.validity is Validity.INVALID
    assert seen.findings


@pytest.mark.parametrize("name", HOLED)
def test_a_hole_in_the_middle_is_seen(name: str, tmp_path: Path) -> None:
    content = bytearray(kind(name).make())
    middle = len(content) // 2
    content[middle : middle + 12] = bytes(12)
    assert examine_file(kind(name).write(tmp_path, bytes(content))).validity is Validity.INVALID


@pytest.mark.tool("ffprobe")
@pytest.mark.parametrize("name", sorted(MEDIA))
def test_noise_in_a_recording_is_seen(name: str, tmp_path: Path) -> None:
    seen = examine_file(kind(name).write(tmp_path, b"\x17\x2a" * 5000))
    assert seen.validity is Validity.INVALID


@EVERY_KIND
def test_a_missing_file_has_failed(one: Kind, tmp_path: Path) -> None:
    seen = examine_file(one.request(tmp_path / one.name))
    assert seen.validity in {Validity.FAILED, Validity.INVALID}
    assert seen.findings


@pytest.mark.parametrize(
    "one", [one for one in KINDS if one.name not in MEDIA], ids=lambda o: o.name
)
def test_an_empty_file_raises_nothing(one: Kind, tmp_path: Path) -> None:
    assert isinstance(examine_file(one.write(tmp_path, b"")), Examination)


@pytest.mark.parametrize(
    "one", [one for one in KINDS if one.name not in MEDIA], ids=lambda o: o.name
)
@given(data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_flipped_bits_raise_nothing(one: Kind, data: st.DataObject) -> None:
    content = bytearray(one.make())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=20)):
        content[place] ^= 1 << data.draw(st.integers(0, 7))
    with TemporaryDirectory() as folder:
        seen = examine_file(one.write(Path(folder), bytes(content)))
    assert Examination.from_json(seen.as_json()) == seen
    assert all(value.isprintable() for value in seen.properties.values())


@EVERY_KIND
def test_properties_are_flat_dotted_lower_case_names(one: Kind, tmp_path: Path) -> None:
    names = examine_file(one.write(tmp_path)).properties
    assert all(name == name.lower() and "." in name and " " not in name for name in names)
