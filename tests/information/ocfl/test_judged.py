"""`ocfl-py` as judge: it and we say the same of good objects and of mutated ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.information.ocfl import HashAndIdNTuple
from muniment.information.ocfl.validation import validate_object, validate_root
from tests.information.ocfl.builders import a_root, an_object
from tests.information.ocfl.mutations import mutated_objects
from tests.information.ocfl.object_faults import ONE_VERSION, TWO_VERSIONS
from tests.judges import ask
from tests.judges.fixtures import Judge

ODD = {"a.txt": b"one", "b/c.txt": b"two", "ü/%20:x": b"three", "y" * 300: b""}
FILES = {"a.txt": b"one", "b/c.txt": b"two"}
pytestmark = pytest.mark.tool("ocfl-py")

# Faults that ocfl-py 2 passes, each a MUST of the specification that it does not look at: a
# declaration without newline, a type other than the declared version, a content directory that is
# set in the first version only, keys that are not specified.
PASSED_BY_THE_JUDGE = {"E007", "E038", "E019", "E102"}


def verdicts(folder: Path) -> dict[str, bool]:
    """Ask the judge for all objects in a folder; leave out those at which it crashes."""
    told: dict[str, bool | None] = ask("ocfl-py", "judge_ocfl_objects.py", folder)
    return {name: verdict for name, verdict in told.items() if verdict is not None}


def test_an_object_with_odd_names_is_valid_for_both(tmp_path: Path, ocfl_judge: Judge) -> None:
    root = an_object(tmp_path / "o", [ODD, {"a.txt": b"four"}, {}])
    assert validate_object(root).is_valid
    assert ocfl_judge(root) == []


def test_a_root_is_valid_for_both(tmp_path: Path, ocfl_judge: Judge) -> None:
    root = a_root(tmp_path / "root", HashAndIdNTuple(), ["urn:x:1", "..hor/rib:le-$id"])
    assert validate_root(root).is_valid
    assert ocfl_judge(root) == []


def test_broken_objects_are_broken_for_both(tmp_path: Path, ocfl_judge: Judge) -> None:
    codes: dict[str, str] = {}
    for versions, cases in ((1, ONE_VERSION), (2, TWO_VERSIONS)):
        for number, (told, break_it) in enumerate(cases):
            if told == "UNREADABLE":
                continue  # the judge would wait for the pipe for ever
            codes[f"{versions}-{number}"] = told
            break_it(an_object(tmp_path / "all" / f"{versions}-{number}", [FILES] * versions))
    ours = {name: all(code[0] == "W" for code in told.split()) for name, told in codes.items()}
    theirs = verdicts(tmp_path / "all")
    assert len(theirs) > 100
    assert {codes[name] for name in theirs if theirs[name] != ours[name]} == PASSED_BY_THE_JUDGE


def test_mutated_inventories_are_judged_alike(tmp_path: Path, ocfl_judge: Judge) -> None:
    objects = mutated_objects(tmp_path / "all")
    ours = {path.name: validate_object(path, workers=0).is_valid for path in objects}
    theirs = verdicts(tmp_path / "all")
    assert len(theirs) > 100
    differ = {name for name in theirs if theirs[name] != ours[name]}
    # The official JSON schema wants a name of one character and more; the judge passes "".
    assert differ == {"versions_v1_user_name.empty", "versions_v2_user_name.empty"}
    assert not any(ours[name] for name in differ)
