"""A receive that is killed: the next one gives what an undisturbed one would have given."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.information.unpacking.packages import a_folder, received

PROGRAM = """
import sys
from pathlib import Path
from muniment.information.unpacking import UnpackLimits, receive
source, package, listing = map(Path, sys.argv[1:])
receive(source, package, listing, limits=UnpackLimits(reserve_bytes=0), algorithms=())
"""
FILES = {b"a": b"one", b"d/b": b"two" * 1000}


@pytest.mark.parametrize("place", ["receive.begun", "receive.listed", "receive.done"])
@pytest.mark.parametrize("is_again", [False, True])
def test_a_killed_receive_is_simply_done_again(tmp_path: Path, place: str, is_again: bool) -> None:
    source, work = a_folder(tmp_path / "in", FILES), tmp_path / "work"
    if is_again:
        received(source, work)
    work.mkdir(exist_ok=True)
    words = [source, work / "package", work / "listing.jsonl"]
    killed = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, words)],
        env={**os.environ, "MUNIMENT_FAILPOINT": place},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    came = received(source, work)
    assert came.content == {name.decode(): content for name, content in FILES.items()}
    assert sorted(path.name for path in work.iterdir()) == ["listing.jsonl", "package"]
