"""What is allowed is valid, with the warnings of the table and no others; the judge agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.information.ocfl import load_inventory
from muniment.information.ocfl.validation import validate_object
from tests.information.ocfl.builders import an_object
from tests.information.ocfl.good_objects import GOOD, REFUSED_BY_THE_JUDGE, Good
from tests.judges import ask

FILES = {"a.txt": b"one", "b/c.txt": b"two"}
each_good = pytest.mark.parametrize("good", GOOD, ids=[name for _, name, _, _ in GOOD])


def made(good: Good, folder: Path) -> Path:
    versions, _, _, change = good
    root = an_object(folder, [FILES] * versions)
    change(root)
    return root


@each_good
def test_what_is_allowed_is_valid(tmp_path: Path, good: Good) -> None:
    report = validate_object(made(good, tmp_path / "o"), workers=0)
    assert {finding.code for finding in report.findings} == set(good[2].split())
    assert report.is_valid


@each_good
def test_what_is_allowed_is_loaded(tmp_path: Path, good: Good) -> None:
    with load_inventory(made(good, tmp_path / "o")) as index:
        for version in index.versions():
            assert version.created_at.tzinfo is not None
            assert [entry.logical_path for entry in index.state(version.number)] == sorted(FILES)


@pytest.mark.tool("ocfl-py")
def test_the_judge_finds_them_valid_too(tmp_path: Path) -> None:
    for good in GOOD:
        made(good, tmp_path / good[1])
    told = ask("ocfl-py", "judge_ocfl_objects.py", tmp_path, "objects")
    assert {name for name, verdict in told.items() if not verdict} == REFUSED_BY_THE_JUDGE
