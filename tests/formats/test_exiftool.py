from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.formats.exiftool import ExifTool, exiftool_use
from tests.eventually import eventually
from tests.formats.files import kind
from tests.formats.programs import CRASHES, ENDLESS, GARBAGE, HANGS, a_program

# Speaks as ExifTool does with -stay_open, except for files whose names say otherwise.
_TWIN = """#!/usr/bin/python3
import json, os, sys, time
files = []
for line in sys.stdin:
    word = line.rstrip("\\n")
    if word.startswith("/"):
        files.append(word)
    if word == "-execute":
        if any("crash" in name for name in files):
            os.abort()
        if any("hang" in name for name in files):
            time.sleep(60)
        if any("garbage" in name for name in files):
            print("]]{[", end="")
        else:
            print(json.dumps([{"SourceFile": name, "IFD0:Make": "Twin"} for name in files]))
        print("{ready}", flush=True)
        files = []
time.sleep(3600)
"""


@pytest.fixture
def twin(tmp_path: Path) -> Callable[[], ExifTool]:
    program = tmp_path / "twin"
    program.write_text(_TWIN)
    program.chmod(0o755)
    return lambda: ExifTool(str(program), base_s=1)


def ask(tool: ExifTool, *paths: str) -> list[object]:
    tool.ask(paths)
    return list(tool.answers(paths, 0))


def test_answers_come_in_order(twin: Callable[[], ExifTool]) -> None:
    with twin() as tool:
        assert ask(tool, "/a", "/b") == [{"exiftool.IFD0.Make": "Twin"}] * 2
        assert ask(tool, "/c") == [{"exiftool.IFD0.Make": "Twin"}]


@pytest.mark.parametrize(
    ("deed", "reason"),
    [("crash", "died"), ("hang", "did not end within 1 s"), ("garbage", "printed garbage")],
)
def test_one_bad_file_costs_only_itself(
    deed: str, reason: str, twin: Callable[[], ExifTool]
) -> None:
    known = {"exiftool.IFD0.Make": "Twin"}
    with twin() as tool:
        answers = ask(tool, "/a", f"/{deed}", "/c")
        assert answers == [known, f"ExifTool {reason}", known]
        assert ask(tool, "/d") == [known]


@pytest.mark.parametrize(
    ("script", "reason"),
    [(HANGS, "within 1 s"), (CRASHES, "died"), (GARBAGE, "died"), (ENDLESS, "without end")],
)
def test_one_that_does_not_run_is_not_asked(tmp_path: Path, script: str, reason: str) -> None:
    with ExifTool(str(a_program(tmp_path, "exiftool", script)), base_s=1) as tool:
        assert tool.version() == ""
        assert tool.problem.startswith("ExifTool does not run: ")
        assert reason in tool.problem
        assert ask(tool, "/a", "/b") == [tool.problem] * 2


def test_a_version_that_is_none_is_garbage(tmp_path: Path) -> None:
    script = "echo 'Segmentation fault'; echo '{ready}'; exec sleep 3600"
    with ExifTool(str(a_program(tmp_path, "exiftool", script)), base_s=1) as tool:
        assert tool.version() == ""
        assert "garbage for its version" in tool.problem


def test_the_third_failure_in_a_row_is_the_last(twin: Callable[[], ExifTool]) -> None:
    names = [f"/crash{number}" for number in range(8)]
    with twin() as tool:
        answers = ask(tool, *names)
    assert answers[:3] == ["ExifTool died"] * 3
    assert set(answers[3:]) == {"ExifTool is asked nothing more: ExifTool died"}


def test_failures_with_successes_between_do_not_add_up(twin: Callable[[], ExifTool]) -> None:
    with twin() as tool:
        for _ in range(4):
            assert ask(tool, "/crash", "/a") == ["ExifTool died", {"exiftool.IFD0.Make": "Twin"}]


def test_it_ends_with_its_helper(tmp_path: Path, twin: Callable[[], ExifTool]) -> None:
    del twin  # has written the program
    program = (
        "import sys, os; from muniment.formats.exiftool import ExifTool\n"
        f"tool = ExifTool({str(tmp_path / 'twin')!r}); tool.ask(['/a']); tool.answers(['/a'], 0)\n"
        "print(tool._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    helper = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment, check=False
    )
    folder = Path("/proc", helper.stdout.decode().strip())
    eventually(lambda: not (folder / "exe").exists(), within_s=10)


def test_closing_twice_is_fine(twin: Callable[[], ExifTool]) -> None:
    tool = twin()
    tool.close()
    ask(tool, "/a")
    tool.close()
    tool.close()


@pytest.mark.tool("exiftool")
class TestTheRealOne:
    def test_it_has_a_version(self) -> None:
        use = exiftool_use()
        assert use is not None
        assert use.version[0].isdigit()

    def test_embedded_metadata_is_read(self, tmp_path: Path) -> None:
        path = kind("a.jpg").write(tmp_path).path
        with ExifTool() as tool:
            (answer,) = ask(tool, str(path))
        assert isinstance(answer, dict)
        assert answer["exiftool.IFD0.ImageDescription"]
        assert not [name for name in answer if "System" in name or "Directory" in name]

    def test_strange_names_and_missing_files_have_no_metadata(self, tmp_path: Path) -> None:
        gone = str(tmp_path / "gone.jpg")
        path = tmp_path / "-execute #é.png"
        path.write_bytes(kind("a.png").make())
        with ExifTool() as tool:
            missing, strange = ask(tool, gone, str(path))
        assert missing == {}
        assert isinstance(strange, dict)
        assert strange["exiftool.PNG.ImageWidth"] == "640"

    def test_only_missing_files_are_nothing(self, tmp_path: Path) -> None:
        with ExifTool() as tool:
            assert ask(tool, str(tmp_path / "gone")) == [{}]
