"""The table of codes: whole, in both languages, and each code either seen in a test or excused."""

from __future__ import annotations

import os
import re
from pathlib import Path
from string import Formatter

import pytest

from muniment.information.ocfl.validation import NOT_OBSERVABLE, ONLY_1_0, ONLY_1_1, TABLE
from muniment.information.ocfl.validation.codes import BEFORE_1_1, code_for
from muniment.runtime.findings import Severity
from tests.information.ocfl import object_faults, root_faults

SEEN_ELSEWHERE = {"UNLISTED"}  # test_limits.py
OUR_OWN = {"UNREADABLE", "UNLISTED"}
ALL = {row.code for row in TABLE}


def test_every_code_is_seen_in_a_test_or_excused() -> None:
    cases = [*object_faults.ONE_VERSION, *object_faults.TWO_VERSIONS, *root_faults.FAULTS]
    cases += [(codes, break_it) for _, codes, break_it in object_faults.MORE_VERSIONS]
    seen = {code for codes, _ in cases for code in codes.split()} | SEEN_ELSEWHERE
    assert seen | set(NOT_OBSERVABLE) == ALL
    assert seen & set(NOT_OBSERVABLE) == set()


def test_errors_are_errors_and_warnings_are_warnings() -> None:
    official = [row for row in TABLE if row.code not in OUR_OWN]
    assert {row.code[0] for row in official if row.severity is Severity.WARNING} == {"W"}
    assert {row.code[0] for row in official if row.severity is Severity.ERROR} == {"E"}
    assert TABLE["UNREADABLE"].severity is Severity.ERROR


def test_texts_in_both_languages_have_the_same_places() -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert [row.code for row in TABLE if places(row.en) != places(row.fr)] == []
    assert {row.code for row in TABLE if not places(row.en)} == set(NOT_OBSERVABLE)


def test_each_code_has_the_url_of_its_clause() -> None:
    official = [row for row in TABLE if row.code not in OUR_OWN]
    assert all(row.clause.endswith(f"/spec/#{row.code}") for row in official)
    assert {row.code for row in official if "/1.0/" in row.clause} == set(ONLY_1_0)


def test_a_code_of_1_1_is_told_of_a_1_0_object_as_what_1_0_has() -> None:
    assert set(BEFORE_1_1) == set(ONLY_1_1)
    assert code_for("E106", "1.0") == "E041"
    assert code_for("E107", "1.0") is None
    assert code_for("E106", "1.1") == "E106"


@pytest.mark.parametrize("spec", ["1.0", "1.1"])
def test_the_official_table_has_the_same_codes(spec: str) -> None:
    folder = os.environ.get("MUNIMENT_SCHEMAS")
    if not folder:
        pytest.skip("not run: MUNIMENT_SCHEMAS names no folder with the official tables")
    text = (Path(folder) / f"ocfl-{spec}-validation-codes.md").read_text(encoding="utf-8")
    official = set(re.findall(r"^\| ([EW]\d{3}) ", text, re.MULTILINE))
    others = ONLY_1_1 if spec == "1.0" else ONLY_1_0
    assert official == ALL - others - OUR_OWN
