"""The conformance table is true: what it names is there, once, with every rule of the CERN SIP."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "conformance.md"
SHOWN, NOT_SHOWN = PAGE.read_text(encoding="utf-8").split("\n## Not shown yet\n")
ROWS = re.findall(r"^\| (`.+) \|$", SHOWN, re.MULTILINE)
OPEN_ROWS = re.findall(r"^\| (`.+) \|$", NOT_SHOWN, re.MULTILINE)


def id_of(row: str) -> str:
    return row.partition(" | ")[0].strip("`")


@cache
def names_of_tests(path: Path) -> frozenset[str]:
    """Name the test functions of a module, and the classes by which a state machine runs."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.add(node.targets[0].id)
    return frozenset(name for name in found if name.lower().startswith("test"))


def dangling(row: str) -> list[str]:
    """Return what a row names and is not there, or what it lacks."""
    cells = row.split(" | ")
    if len(cells) != 4:
        return [f"{len(cells)} cells instead of 4"]
    code, tests = (re.findall(r"`([^`]+)`", cell) for cell in cells[2:])
    lost = [path for path in code if not ((ROOT / "src" / path).exists() or (ROOT / path).exists())]
    for each in tests:
        path, _, name = each.partition("::")
        if not (ROOT / path).is_file() or name not in names_of_tests(ROOT / path):
            lost.append(each)
    return lost + ["no code"] * (not code) + ["no test"] * (not tests)


def test_every_row_names_code_and_tests_that_exist() -> None:
    assert len(ROWS) > 100
    assert {id_of(row): lost for row in ROWS if (lost := dangling(row))} == {}


@pytest.mark.parametrize(
    ("row", "lost"),
    [
        ("`X-1` | It is so. | `muniment/none.py` | `tests/test_house.py::test_none`", 2),
        ("`X-1` | It is so. | `muniment/cli/main.py` | `tests/none.py::test_none`", 1),
        ("`X-1` | It is so. | none | none", 2),
        ("`X-1` | It is so.", 1),
    ],
)
def test_a_dangling_row_is_seen(row: str, lost: int) -> None:
    assert len(dangling(row)) == lost


def test_an_id_is_used_once() -> None:
    ids = [id_of(row) for row in [*ROWS, *OPEN_ROWS]]
    assert sorted(ids) == sorted(set(ids))
    assert [each for each in ids if not re.fullmatch(r"[A-Z]+-S?\d+b?", each)] == []


def test_every_rule_of_the_cern_sip_has_a_row() -> None:
    rules = {f"SIP-S{number:02}" for number in range(1, 16)} | {"SIP-S12b"}
    assert rules <= {id_of(row) for row in ROWS}
