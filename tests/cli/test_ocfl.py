"""`muniment ocfl validate`: exit codes, JSON, no Django."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from muniment.cli.main import main
from muniment.information.ocfl import HashAndIdNTuple
from tests.information.ocfl.builders import a_root, an_object


def test_a_good_object_ends_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ocfl", "validate", str(an_object(tmp_path / "o"))]) == 0
    assert "valid (1 objects)" in capsys.readouterr().out


def test_a_bad_object_ends_with_1_and_names_code_and_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = an_object(tmp_path / "o")
    (root / "stray").write_bytes(b"")
    assert main(["ocfl", "validate", "--json", str(root)]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["valid"] is False
    assert [(each["code"], each["path"]) for each in document["errors"]] == [("E001", "stray")]
    assert document["errors"][0]["message"]
    assert document["warnings"] == []


def test_a_whole_root_is_validated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = a_root(tmp_path / "root", HashAndIdNTuple(), ["urn:x:1", "urn:x:2"])
    assert main(["ocfl", "validate", "--json", str(root)]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "valid": True,
        "objects": 2,
        "errors": [],
        "warnings": [],
    }


def test_warnings_are_told_and_end_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = an_object(tmp_path / "o", object_id="plain")
    assert main(["ocfl", "validate", str(root)]) == 0
    assert "WARNING W005 inventory.json" in capsys.readouterr().out


def test_quick_does_not_read_the_content(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o")
    (root / "v1/content/a.txt").write_bytes(b"ONE")
    assert main(["ocfl", "validate", "--quick", "--quiet", str(root)]) == 0
    assert main(["ocfl", "validate", "--quiet", str(root)]) == 1


def test_no_folder_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ocfl", "validate", "--json", str(tmp_path / "none")]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "invalid-argument"


def test_what_cannot_be_read_ends_with_3(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o")
    (root / "v1/content/a.txt").unlink()
    os.mkfifo(root / "v1/content/a.txt")
    assert main(["ocfl", "validate", str(root)]) == 3


def test_it_starts_without_django(tmp_path: Path) -> None:
    code = (
        "import sys; from muniment.cli.main import main;"
        f"assert main(['ocfl', 'validate', {str(an_object(tmp_path / 'o'))!r}]) == 0;"
        "assert 'django' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
