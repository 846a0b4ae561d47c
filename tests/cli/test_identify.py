from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from muniment.cli.main import main
from tests.formats.files import kind


def test_each_file_is_a_line_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a.txt").write_text("text\n")
    kind("a.png").write(tmp_path)
    assert main(["identify", "--json", str(tmp_path)]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {
        "path": str(tmp_path / "a.png"),
        "puid": "fmt/11",
        "format": "Portable Network Graphics",
        "version": "1.0",
        "mime_type": "image/png",
        "basis": first["basis"],
        "warnings": [],
        "error": None,
    }
    assert second["puid"] == "x-fmt/111"


def test_without_json_it_is_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(kind("a.png").make())
    assert main(["identify", "--helpers", "1", str(path)]) == 0
    assert capsys.readouterr().out == (
        f"fmt/11      {path}  Portable Network Graphics 1.0  (extension mismatch)\n"
    )


def test_a_file_that_cannot_be_looked_at_is_exit_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert main(["identify", str(tmp_path)]) == 1
    assert "not a regular file" in capsys.readouterr().out


def test_a_path_that_is_not_there_is_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["identify", str(tmp_path / "gone")]) == 2
    assert "there is no such file" in capsys.readouterr().err


def test_no_helper_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["identify", "--helpers", "0", str(tmp_path)]) == 2
    assert "at least one helper" in capsys.readouterr().err


def test_a_name_that_is_not_utf_8_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / os.fsdecode(b"\xff.png")).write_bytes(kind("a.png").make())
    assert main(["identify", "--json", str(tmp_path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["path"].endswith("\\xff.png")
    assert found["puid"] == "fmt/11"


def test_it_needs_no_django(tmp_path: Path) -> None:
    import subprocess
    import sys

    program = (
        "import sys; from muniment.cli.main import main\n"
        f"code = main(['identify', {str(kind('a.png').write(tmp_path).path)!r}])\n"
        "assert 'django' not in sys.modules and 'pygfried' not in sys.modules; sys.exit(code)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    assert (
        subprocess.run([sys.executable, "-c", program], env=environment, check=False).returncode
        == 0
    )
