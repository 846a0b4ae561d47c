"""`ocfl-py` as judge: it and we say the same of good objects and of mutated ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.information.ocfl import HashAndIdNTuple
from muniment.information.ocfl.validation import validate_object, validate_root
from tests.information.ocfl.builders import a_root, an_object
from tests.information.ocfl.mutations import mutated_objects
from tests.information.ocfl.object_faults import MORE_VERSIONS, ONE_VERSION, TWO_VERSIONS
from tests.information.ocfl.root_faults import FAULTS as ROOT_FAULTS
from tests.judges import ask
from tests.judges.fixtures import Judge

ODD = {"a.txt": b"one", "b/c.txt": b"two", "ü/%20:x": b"three", "y" * 300: b""}
FILES = {"a.txt": b"one", "b/c.txt": b"two"}
TABLES = ((1, ONE_VERSION), (2, TWO_VERSIONS))
pytestmark = pytest.mark.tool("ocfl-py")

# Faults that ocfl-py 2 passes, each a MUST of the specification that it does not look at: a
# declaration without newline, a type other than the declared version, a content directory that is
# set in the first version only, keys that are not specified.
PASSED_BY_THE_JUDGE = {"E007", "E038", "E019", "E102"}


# It passes a declaration without newline, an object of 1.1 in a root of 1.0 and a link directly in
# the root; and it refuses layouts that were registered after its time.
DIFFER_ON_ROOTS = {"E080", "E081", "E090", ""}


def verdicts(folder: Path, kind: str = "objects") -> dict[str, bool]:
    """Ask the judge for all objects or roots in a folder, but for those at which it crashes."""
    told: dict[str, bool | None] = ask("ocfl-py", "judge_ocfl_objects.py", folder, kind)
    return {name: verdict for name, verdict in told.items() if verdict is not None}


def is_valid(codes: str) -> bool:
    return all(code[0] == "W" for code in codes.split())


def test_an_object_with_odd_names_is_valid_for_both(tmp_path: Path, ocfl_judge: Judge) -> None:
    root = an_object(tmp_path / "o", [ODD, {"a.txt": b"four"}, {}])
    assert validate_object(root).is_valid
    assert ocfl_judge(root) == []


def test_a_root_is_valid_for_both(tmp_path: Path, ocfl_judge: Judge) -> None:
    root = a_root(tmp_path / "root", HashAndIdNTuple(), ["urn:x:1", "..hor/rib:le-$id"])
    assert validate_root(root).is_valid
    assert ocfl_judge(root) == []


def test_broken_objects_are_broken_for_both(tmp_path: Path, ocfl_judge: Judge) -> None:
    cases = [(versions, *case) for versions, table in TABLES for case in table] + MORE_VERSIONS
    codes: dict[str, str] = {}
    for number, (versions, told, break_it) in enumerate(cases):
        # The judge would wait for a pipe for ever.
        if told != "UNREADABLE":
            codes[str(number)] = told
            break_it(an_object(tmp_path / str(number), [FILES] * versions))
    theirs = verdicts(tmp_path)
    assert len(theirs) > 105
    differ = {codes[name] for name, verdict in theirs.items() if verdict != is_valid(codes[name])}
    assert differ == PASSED_BY_THE_JUDGE


def test_broken_roots_are_broken_for_both(tmp_path: Path, ocfl_judge: Judge) -> None:
    for number, (_, break_it) in enumerate(ROOT_FAULTS):
        break_it(a_root(tmp_path / str(number), HashAndIdNTuple()))
    theirs = verdicts(tmp_path, "roots")
    codes = {str(number): told for number, (told, _) in enumerate(ROOT_FAULTS)}
    differ = {codes[name] for name, verdict in theirs.items() if verdict != is_valid(codes[name])}
    assert differ == DIFFER_ON_ROOTS
    assert len(theirs) == len(codes) - 2  # it crashes at JSON that is too deep, and at a list


def test_mutated_inventories_are_judged_alike(tmp_path: Path, ocfl_judge: Judge) -> None:
    objects = mutated_objects(tmp_path / "all")
    ours = {path.name: validate_object(path, workers=0).is_valid for path in objects}
    theirs = verdicts(tmp_path / "all")
    assert len(theirs) > 100
    differ = {name for name in theirs if theirs[name] != ours[name]}
    # The official JSON schema wants a name of one character and more; the judge passes "".
    assert differ == {"versions_v1_user_name.empty", "versions_v2_user_name.empty"}
    assert not any(ours[name] for name in differ)
