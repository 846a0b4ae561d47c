"""`muniment demo`: the sample set in an archive, again and again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tests.archives import Answer, Archive, ArchiveTemplate
from tests.judges import ask
from tests.judges.fixtures import Judge, XsdJudge
from tests.open_archives import OpenArchive

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Demonstration:
    """One run of the demo, and what the archive held after it."""

    archive: Archive
    answer: Answer
    objects: list[dict[str, Any]]
    receipts: list[Any]


def a_demonstration(archive: Archive) -> Demonstration:
    answer = archive.run("demo")
    objects = archive.run("object", "list", "--json").json()["objects"]
    receipts = [
        json.loads(path.read_text()) for path in (archive.home / "receipts").rglob("*.json")
    ]
    return Demonstration(archive, answer, objects, receipts)


@pytest.fixture(scope="module")
def first(
    archive_template: ArchiveTemplate,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Demonstration]:
    """The demo, run once for all who only look at what it did."""
    made = archive_template.copy(tmp_path_factory.mktemp("demo") / "archive")
    with django_db_blocker.unblock():
        yield a_demonstration(OpenArchive(made.home, made.database))
    made.remove()


@pytest.fixture(scope="module")
def second(first: Demonstration) -> Demonstration:
    """The demo once more in the same archive, as a person would call it."""
    return a_demonstration(Archive(first.archive.home, first.archive.database))


def verdicts_in(answer: Answer) -> dict[str, str]:
    lines = re.findall(r"^(\S+)\s+(accepted|refused|failed|held)\b", answer.out, re.MULTILINE)
    return dict(lines)


@pytest.mark.tool("clamscan")
def test_the_good_packages_are_kept_and_the_bad_ones_are_not(first: Demonstration) -> None:
    verdicts = verdicts_in(first.answer)
    assert first.answer.code == 0, first.answer.out + first.answer.err
    assert sorted(name for name, verdict in verdicts.items() if verdict == "refused") == [
        "bad/altered-file",
        "bad/eicar",
        "bad/leaves-the-package.tar",
        "bad/missing-file",
        "bad/xml-with-entities",
    ]
    assert sum(verdict == "accepted" for verdict in verdicts.values()) == 5


@pytest.mark.tool("clamscan")
def test_a_scanner_without_signatures_does_not_stop_the_demo(archive: Archive) -> None:
    empty = archive.home / "no-signatures"
    empty.mkdir()
    answer = archive.run("demo", MUNIMENT_CLAMAV_DATABASE=str(empty))
    assert answer.code == 0, answer.out + answer.err
    assert verdicts_in(answer)["bad/eicar"] == "accepted"
    assert "not scanned" in answer.out.lower()


def test_a_second_demo_makes_versions_not_objects(
    first: Demonstration, second: Demonstration
) -> None:
    assert second.answer.code == 0
    assert len(second.objects) == len(first.objects)
    assert {each["version"] for each in second.objects} == {2}


def test_what_the_demo_suggests_can_be_typed(
    second: Demonstration, archive: OpenArchive, tmp_path: Path
) -> None:
    suggested = re.findall(r"^  \S*muniment\S* (.+)$", second.answer.out, re.MULTILINE)
    assert len(suggested) >= 6
    here = OpenArchive(second.archive.home, second.archive.database)
    codes = {words: here.run(*words.split()).code for words in suggested}
    assert {words: code for words, code in codes.items() if code} == {}


def test_nothing_escapes_from_the_demo(first: Demonstration) -> None:
    assert list(first.archive.home.parent.rglob("escaped.txt")) == []


def test_receipts_of_the_demo_are_json(first: Demonstration) -> None:
    assert len(first.receipts) == 10
    assert {each["verdict"] for each in first.receipts} <= {"accepted", "refused"}


def exported(first: Demonstration, form: str, target: Path) -> list[Path]:
    """Export the first version of every object; a folder each, named after its object."""
    made = [target / each["object_id"] for each in first.objects]
    for place in made:
        words = ["object", "export", place.name, "--version", "1", "--as", form, "--to", place]
        assert first.archive.run(*words).code == 0
    return made


@pytest.mark.tool("eark-validator")
def test_every_exported_aip_is_good_for_the_judge_and_for_us(
    first: Demonstration, tmp_path: Path
) -> None:
    aips = exported(first, "folder", tmp_path / "aips")
    found = ask("eark-validator", "judge_eark.py", "--each", tmp_path / "aips")
    assert found == {aip.name: [] for aip in aips}
    assert [first.archive.run("eark", "validate", aip).code for aip in aips] == [0] * 5


def test_the_documents_of_every_exported_aip_are_valid(
    first: Demonstration, tmp_path: Path, xsd_judge: XsdJudge
) -> None:
    for aip in exported(first, "folder", tmp_path):
        faults = [xsd_judge("mets.xsd", each) for each in aip.glob("**/METS.xml")]
        faults += [xsd_judge("premis-v3.xsd", each) for each in aip.glob("**/premis.xml")]
        assert [each for each in faults if each] == []


@pytest.mark.tool("bagit")
def test_every_exported_bag_is_valid_for_the_judge(
    first: Demonstration, tmp_path: Path, bagit_judge: Judge
) -> None:
    assert [bagit_judge(bag) for bag in exported(first, "bag", tmp_path)] == [[]] * 5
