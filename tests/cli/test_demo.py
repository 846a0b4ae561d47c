"""`muniment demo`: the sample set in an archive, again and again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.archives import Answer, Archive


@pytest.fixture
def demonstrated(archive: Archive) -> Archive:
    """An archive in which the demo has run once."""
    answer = archive.run("demo")
    assert answer.code == 0, answer.out + answer.err
    return archive


def verdicts_in(answer: Answer) -> dict[str, str]:
    lines = re.findall(r"^(\S+)\s+(accepted|refused|failed|held)\b", answer.out, re.MULTILINE)
    return dict(lines)


@pytest.mark.tool("clamscan")
def test_the_good_packages_are_kept_and_the_bad_ones_are_not(archive: Archive) -> None:
    answer = archive.run("demo")
    verdicts = verdicts_in(answer)
    assert answer.code == 0, answer.out + answer.err
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


def test_a_second_demo_makes_versions_not_objects(demonstrated: Archive) -> None:
    before = demonstrated.run("object", "list", "--json").json()["objects"]
    assert demonstrated.run("demo").code == 0
    after = demonstrated.run("object", "list", "--json").json()["objects"]
    assert len(after) == len(before)


def test_what_the_demo_suggests_can_be_typed(demonstrated: Archive, tmp_path: Path) -> None:
    answer = demonstrated.run("demo")
    suggested = re.findall(r"^  \S*muniment\S* (.+)$", answer.out, re.MULTILINE)
    assert len(suggested) >= 6
    codes = {words: demonstrated.run(*words.split()).code for words in suggested}
    assert {words: code for words, code in codes.items() if code} == {}


def test_nothing_escapes_from_the_demo(demonstrated: Archive) -> None:
    assert list(demonstrated.home.rglob("escaped.txt")) == []
    assert list(demonstrated.home.parent.rglob("escaped.txt")) == []


def test_receipts_of_the_demo_are_json(demonstrated: Archive) -> None:
    receipts = list((demonstrated.home / "receipts").rglob("*.json"))
    assert len(receipts) == 10
    assert all(json.loads(path.read_text()) for path in receipts)
