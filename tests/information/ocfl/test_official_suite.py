"""OCFL/fixtures, the official suite: MUNIMENT_OCFL_FIXTURES names a local copy.

The name of a folder says the codes that are expected. We tell all of them, and nothing else but
what `MORE` lists: consequences of the same fault, and faults that the name does not mention.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from muniment.information.ocfl.validation import validate_object

HOME = os.environ.get("MUNIMENT_OCFL_FIXTURES", "")
KINDS = ("good-objects", "warn-objects", "bad-objects")
SUITE = sorted(
    path
    for spec in ("1.0", "1.1")
    for kind in KINDS
    for path in (Path(HOME) / spec / kind).glob("*")
    if HOME and path.is_dir()
)

MORE = {
    "E001_extra_dir_in_root": "W007",
    "E001_extra_file_in_root": "W007",
    "E001_invalid_version_format": "E046 E104",
    "E003_E063_empty": "E001",
    "E007_bad_declaration_contents": "W007",
    "E010_missing_versions": "E046",
    "E011_E013_invalid_padded_head_version": "E014 E023 E092 W001",
    "E015_content_not_in_content_dir": "E042",
    "E017_invalid_content_dir": "E023 E092",
    # Both inventories set the key: that it changes is E020, as ocfl-py has it for its own fixture.
    "E019_inconsistent_content_dir": "E020 E042 W002",
    "E023_extra_file": "W009",
    "E037_inconsistent_id": "E110",
    "E040_head_not_most_recent": "E064",
    "E040_wrong_head_doesnt_exist": "W007",
    "E040_wrong_head_format": "W007",
    "E041_no_manifest": "W007",
    "E049_E050_E054_bad_version_block_values": "E094",
    "E060_version_inventory_digest_mismatch": "W011",
    "E066_algorithm_change_state_mismatch": "W004",
    "E067_file_in_extensions_dir": "W007 W013",
    "E092_algorithm_change_incorrect_digest": "W004",
    "E096_manifest_duplicate_digests": "E101",
    "E100_E099_fixity_invalid_content_paths": "E023 E092",
    "E100_E099_manifest_invalid_content_paths": "E023",
    "E107_file_in_manifest_not_used": "W009",
}
INSTEAD = {"E019_inconsistent_content_dir": {"E019"}}


@pytest.mark.skipif(not HOME, reason="not run: MUNIMENT_OCFL_FIXTURES names no copy of the suite")
def test_the_suite_is_there() -> None:
    assert len(SUITE) > 100


@pytest.mark.parametrize("path", SUITE, ids=lambda path: f"{path.parents[1].name}-{path.name}")
def test_an_official_object_gets_the_codes_of_its_name(path: Path) -> None:
    report = validate_object(path, workers=0)
    told = {finding.code for finding in report.findings}
    expected = set(re.findall(r"[EW]\d{3}", path.name)) - INSTEAD.get(path.name, set())
    assert told >= expected
    assert told - expected <= set(MORE.get(path.name, "").split())
    assert report.is_valid == (path.parent.name != "bad-objects")
