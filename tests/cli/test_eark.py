"""`muniment eark validate`: exit codes, JSON, archives, no Django."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from muniment.cli.main import main
from tests.information.eark.builders import DATA, a_sip


def test_a_good_package_ends_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eark", "validate", str(a_sip(tmp_path))]) == 0
    assert "valid (0 errors" in capsys.readouterr().out


def test_a_bad_package_ends_with_1_and_names_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = a_sip(tmp_path)
    (root / DATA / "a b.txt").write_bytes(b"LETTERS")
    assert main(["eark", "validate", "--json", str(root)]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["valid"] is False
    assert [(error["code"], error["path"]) for error in document["errors"]] == [
        ("digest-mismatch", f"{DATA}/a b.txt")
    ]
    assert document["warnings"]


@pytest.mark.parametrize("form", ["zip", "gztar", "tar"])
def test_an_archive_is_checked_like_its_folder(tmp_path: Path, form: str) -> None:
    root = a_sip(tmp_path / "made")
    shutil.rmtree(tmp_path / "made" / "content")
    archive = shutil.make_archive(str(tmp_path / "sip"), form, root.parent, root.name)
    assert main(["eark", "validate", archive]) == 0


def test_an_aip_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eark", "validate", "--kind", "aip", "--json", str(a_sip(tmp_path))]) == 1
    codes = {error["code"] for error in json.loads(capsys.readouterr().out)["errors"]}
    assert codes == {"AIPM2", "AIPM3", "AIPM5"}


def test_a_folder_that_is_no_package_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "a.txt").write_bytes(b"a")
    assert main(["eark", "validate", str(tmp_path / "p")]) == 1
    assert "CSIPSTR4" in capsys.readouterr().out


def test_an_unsafe_archive_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "p").write_bytes(b"x")
    subprocess.run(
        ["tar", "-cPf", str(tmp_path / "p.tar"), "../p"], cwd=tmp_path / "out", check=True
    )
    assert main(["eark", "validate", "--json", str(tmp_path / "p.tar")]) == 1
    assert json.loads(capsys.readouterr().out)["errors"]


def test_what_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    assert main(["eark", "validate", str(tmp_path / "nothing")]) == 2


def test_it_starts_without_django(tmp_path: Path) -> None:
    program = (
        "import sys; from muniment.cli.main import main; "
        f"code = main(['eark', 'validate', {str(a_sip(tmp_path))!r}]); "
        "sys.exit(code or 'django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
