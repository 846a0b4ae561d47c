"""ffprobe at fault says nothing of the file, and is not asked for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.formats.ffprobe import Ffprobe
from muniment.runtime.errors import ToolFailed, ToolTimeout
from tests.formats.files import kind
from tests.formats.programs import CRASHES, ENDLESS, GARBAGE, HANGS, a_program

VERSION = 'if [ "$1" = -version ]; then echo "ffprobe version 9.9-test Copyright"; exit; fi\n'


def probe(folder: Path, script: str) -> Ffprobe:
    """Return one that tells a version and then does as the script says."""
    return Ffprobe(str(a_program(folder, "ffprobe", VERSION + script)), base_s=1)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (HANGS, "did not end in time"),
        (CRASHES, "ended by signal 11"),
        (GARBAGE, "garbage for its version"),
        (ENDLESS, "MiB of output"),
        ("exit 127", "garbage for its version"),
    ],
)
def test_one_that_does_not_run_is_not_asked(tmp_path: Path, script: str, reason: str) -> None:
    tool = Ffprobe(str(a_program(tmp_path, "ffprobe", script)), base_s=2)
    assert reason in tool.problem
    with pytest.raises(ToolFailed, match="does not run"):
        tool.problems_of(tmp_path / "ffprobe")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (CRASHES, "signal 11"),
        (GARBAGE, "printed garbage"),
        ("echo 0,25; echo 'cannot load library' >&2; exit 127", "ended with 127: cannot load"),
    ],
)
def test_its_own_fault_is_not_the_files(tmp_path: Path, script: str, reason: str) -> None:
    file = tmp_path / "a.mkv"
    file.write_bytes(b"x")
    with pytest.raises(ToolFailed, match=reason):
        probe(tmp_path, script).problems_of(file)


def test_the_third_failure_in_a_row_is_the_last(tmp_path: Path) -> None:
    file = tmp_path / "a.mkv"
    file.write_bytes(b"x")
    tool = probe(tmp_path, HANGS)
    for _ in range(3):
        with pytest.raises(ToolTimeout):
            tool.problems_of(file)
    with pytest.raises(ToolFailed, match=r"asked nothing more: .* did not end in time"):
        tool.problems_of(file)


def test_failures_with_successes_between_do_not_add_up(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.mkv", tmp_path / "bad.mkv"
    good.write_bytes(b"x")
    bad.write_bytes(b"x")
    tool = probe(tmp_path, f'case "$*" in *bad*) {CRASHES};; *) echo 0,25;; esac')
    for _ in range(4):
        with pytest.raises(ToolFailed):
            tool.problems_of(bad)
        assert tool.problems_of(good) == []


def test_what_it_says_of_a_file_is_the_files(tmp_path: Path) -> None:
    file = tmp_path / "a.mkv"
    file.write_bytes(b"x")
    assert probe(tmp_path, "echo moov missing >&2; exit 1").problems_of(file) == ["moov missing"]
    assert probe(tmp_path, "exit 1").problems_of(file) == ["ffprobe cannot read it"]


@pytest.mark.tool("ffprobe")
def test_the_real_one_reads_every_packet(tmp_path: Path) -> None:
    tool = Ffprobe()
    assert tool.use.version
    file = kind("a.flac").write(tmp_path).path
    assert tool.problems_of(file) == []
    file.write_bytes(file.read_bytes()[:40])
    assert tool.problems_of(file)
