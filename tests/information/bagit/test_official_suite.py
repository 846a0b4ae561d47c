"""The conformance suite of the Library of Congress: MUNIMENT_BAGIT_FIXTURES names a local copy.

The folder above a bag says what is expected: `valid`, `warning`, or else invalid. What is for one
operating system only is invalid for us too, for our packages travel.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from muniment.information.bagit import validate_bag

HOME = os.environ.get("MUNIMENT_BAGIT_FIXTURES", "")
SUITE = sorted(path.parent for path in Path(HOME).glob("v*/*/*/data") if HOME)
VALID = {"valid", "warning"}

# These list files that no copy on a case-sensitive file system has, or that git left out.
INCOMPLETE_COPIES = {
    "duplicate-file-with-different-case",
    "same-filename-listed-twice-with-different-normalization",
    "special-system-files",
}


@pytest.mark.skipif(not HOME, reason="not run: MUNIMENT_BAGIT_FIXTURES names no copy of the suite")
def test_the_suite_is_there() -> None:
    assert len(SUITE) > 45


@pytest.mark.parametrize("path", SUITE, ids=lambda path: "-".join(path.parts[-3:]))
def test_an_official_bag_is_judged_as_its_folder_says(path: Path) -> None:
    report = validate_bag(path, 0)
    if path.name in INCOMPLETE_COPIES:
        assert "payload-missing" in {finding.code for finding in report.findings}
    else:
        assert report.is_valid == (path.parent.name in VALID)


@pytest.mark.parametrize(
    "path",
    [path for path in SUITE if path.parent.name == "warning"],
    ids=lambda path: path.name,
)
def test_a_bag_that_others_warn_of_is_not_passed_in_silence(path: Path) -> None:
    assert validate_bag(path, 0).findings
