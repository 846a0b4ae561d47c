"""The judges as fixtures. Ask for one and mark the test with `@pytest.mark.tool("…")`.

Each takes a path and returns the faults that the judge found: an empty list is a good verdict.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.judges import JUDGES, ask

Judge = Callable[[Path], list[str]]
XsdJudge = Callable[[str, Path], list[str]]


def _judge(name: str, script: str) -> Judge:
    if not JUDGES[name].exists():
        reason = f"{name} is not installed: make tools"
        if os.environ.get("MUNIMENT_REQUIRE_TOOLS"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)

    def judge(path: Path) -> list[str]:
        faults: list[str] = ask(name, script, path)
        return faults

    return judge


@pytest.fixture(scope="session")
def bagit_judge() -> Judge:
    """`bagit` of the Library of Congress: is this folder a valid bag?"""
    return _judge("bagit", "judge_bagit.py")


@pytest.fixture(scope="session")
def ocfl_judge() -> Judge:
    """`ocfl-py`: is this folder a valid OCFL object or storage root, digests included?"""
    return _judge("ocfl-py", "judge_ocfl.py")


@pytest.fixture(scope="session")
def eark_judge() -> Judge:
    """`eark-validator`, offline: is this folder an E-ARK package without errors?"""
    return _judge("eark-validator", "judge_eark.py")


@pytest.fixture(scope="session")
def xsd_judge() -> XsdJudge:
    """The official schemas, which are not part of the project: `xsd_judge("mets.xsd", path)`."""
    folder = os.environ.get("MUNIMENT_SCHEMAS")
    if not folder:
        pytest.skip("MUNIMENT_SCHEMAS names no folder with the official schemas")

    from tests.judges.schemas import faults_of

    def judge(schema: str, path: Path) -> list[str]:
        return faults_of(Path(folder) / schema, path)

    return judge
