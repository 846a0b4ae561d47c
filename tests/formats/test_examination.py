from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.formats.batches import Allowance
from muniment.formats.examination import Examination, Examiner, ToolUse, Validity
from muniment.formats.types import ExaminationRequest
from muniment.runtime.contained import Limits
from muniment.runtime.findings import Finding, Severity
from tests.formats.files import KINDS

MIB = 1 << 20
QUICK = Allowance(files=16, size_bytes=MIB, base_s=3, rate_bytes_s=MIB)


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    with Examiner(helpers=2, use_exiftool=False) as one:
        yield one


@pytest.fixture
def bad() -> Iterator[Examiner]:
    with Examiner(
        helpers=1,
        use_exiftool=False,
        allowance=QUICK,
        limits=Limits(memory_bytes=200 * MIB),
        child="tests.formats.bad_examination",
    ) as one:
        yield one


def texts(folder: Path, *names: str) -> list[ExaminationRequest]:
    for name in names:
        (folder / name).write_text("text\n")
    return [
        ExaminationRequest(path=folder / name, size_bytes=5, puid="x-fmt/111") for name in names
    ]


def test_files_of_all_families_in_order(examiner: Examiner, tmp_path: Path) -> None:
    requests = [one.write(tmp_path) for one in KINDS]
    seen = list(examiner.examine(requests))
    assert [one.validity in {Validity.VALID, Validity.NOT_CHECKED} for one in seen] == [True] * len(
        KINDS
    )
    for one, examination in zip(KINDS, seen, strict=True):
        assert one.properties.items() <= examination.properties.items()


def test_names_that_are_not_utf_8(examiner: Examiner, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff.txt")
    path.write_text("text")
    request = ExaminationRequest(path=path, original_name=path.name, size_bytes=4, puid="x-fmt/111")
    (seen,) = examiner.examine([request])
    assert seen.validity is Validity.VALID


def test_nothing_asked_is_nothing_answered(examiner: Examiner) -> None:
    assert list(examiner.examine([])) == []


def test_exiftool_switched_off_is_visible(examiner: Examiner) -> None:
    assert examiner.exiftool() is None


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("crash", "SIGSEGV"),
        ("hang", "did not end within"),
        ("eat", "MiB of memory"),
        ("allocate", "more memory"),
        ("deep", "RecursionError"),
    ],
)
def test_one_bad_file_costs_only_itself(
    deed: str, reason: str, bad: Examiner, tmp_path: Path
) -> None:
    names = [f"{number}.txt" for number in range(12)]
    names[3] = f"{deed}.txt"
    seen = list(bad.examine(texts(tmp_path, *names)))
    verdicts = [one.validity for one in seen]
    assert verdicts == [Validity.FAILED if n == 3 else Validity.VALID for n in range(12)]
    assert reason in seen[3].findings[0].message


def test_garbage_on_standard_output_disturbs_nothing(bad: Examiner, tmp_path: Path) -> None:
    seen = list(bad.examine(texts(tmp_path, "a.txt", "garbage.txt", "b.txt")))
    assert {one.validity for one in seen} == {Validity.VALID}


def test_the_bad_file_is_found_in_one_more_attempt(bad: Examiner, tmp_path: Path) -> None:
    list(bad.examine(texts(tmp_path, "a.txt", "b.txt", "c.txt", "crash.txt", "d.txt")))
    assert bad.helpers[0].starts == 3


@pytest.mark.tool("exiftool")
def test_exiftool_adds_what_is_embedded(tmp_path: Path) -> None:
    requests = [one.write(tmp_path) for one in KINDS if one.family == "images"]
    with Examiner(helpers=1) as examiner:
        jpeg, *others = examiner.examine(requests)
        assert examiner.exiftool() in jpeg.tools
    assert jpeg.properties["exiftool.IFD0.ImageDescription"]
    assert {one.validity for one in others} == {Validity.VALID}


safe = st.text(st.characters(codec="utf-8"), max_size=20)
findings = st.builds(
    Finding, code=safe, severity=st.sampled_from(Severity), message=safe, found=st.none() | safe
)
examinations = st.builds(
    Examination,
    validity=st.sampled_from(Validity),
    findings=st.lists(findings, max_size=3).map(tuple),
    properties=st.dictionaries(safe, safe, max_size=3),
    tools=st.lists(st.builds(ToolUse, safe, safe), max_size=3).map(tuple),
)


@given(examinations)
@settings(deadline=None)
def test_json_keeps_an_examination(one: Examination) -> None:
    assert Examination.from_json(orjson.loads(orjson.dumps(one.as_json()))) == one


@given(safe, safe, st.integers(0, 1 << 60))
@settings(deadline=None)
def test_json_keeps_a_request(name: str, puid: str, size: int) -> None:
    one = ExaminationRequest(path=Path("/a", "b"), original_name=name, puid=puid, size_bytes=size)
    assert ExaminationRequest.from_json(orjson.loads(orjson.dumps(one.as_json()))) == one
