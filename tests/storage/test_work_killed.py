"""`kill -9` at every failpoint of ledger, export and fixity; the places come from the code."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from muniment.information.identifiers import new_object_id
from tests.archives import Archive
from tests.storage.ledger.desks import a_desk
from tests.storage.staging import Bench, seal_state

_CODE = Path(str(files("muniment.storage")))


def failpoints(*areas: str) -> list[str]:
    text = "".join(path.read_text() for path in sorted(_CODE.rglob("*.py")))
    names = set(re.findall(r'failpoint\("([a-z_.]+)"\)', text))
    return sorted(name for name in names if name.split(".")[0] in areas)


def test_no_place_of_storage_is_left_out() -> None:
    areas = {"seal", "recover", "ledger", "export", "consign", "fixity", "audit"}
    text = "".join(path.read_text() for path in sorted(_CODE.rglob("*.py")))
    assert {name.split(".")[0] for name in re.findall(r'failpoint\("([a-z_.]+)"\)', text)} == areas


@pytest.mark.parametrize("place", failpoints("ledger", "export"))
def test_killed_work_is_done_again_without_loss(tmp_path: Path, place: str) -> None:
    desk = a_desk(tmp_path)
    desk.ledger.root.initialise()
    bench = Bench(desk.home / "work/area", new_object_id())
    seal_state(desk.ledger.root, bench, {"new": b"1"})
    target = tmp_path / "out"
    target.mkdir()
    (target / "old").write_bytes(b"")
    command = [sys.executable, "-m", "tests.storage.working_child", str(tmp_path)]
    ended = subprocess.run(
        [*command, bench.object_id, str(target)],
        env={**os.environ, "MUNIMENT_FAILPOINT": place},
        check=False,
        timeout=60,
    ).returncode
    assert ended == -signal.SIGKILL
    desk.pass_days(2)
    desk.note("c")
    desk.ledger.seal_closed_days()
    assert desk.texts()[-1] == "c"
    assert "".join(map(str, desk.texts())) in {"c", "ac", "abc"}
    assert not (target / "new").exists() or not (target / "old").exists()


@pytest.mark.parametrize("place", failpoints("fixity"))
def test_a_killed_check_is_made_again(archive: Archive, tmp_path: Path, place: str) -> None:
    (tmp_path / "a.txt").write_bytes(b"Dear reader\n")
    archive.ingest(tmp_path / "a.txt")
    assert archive.run("fixity", "run", "--all", MUNIMENT_FAILPOINT=place).code == -signal.SIGKILL
    assert archive.run("fixity", "run", "--all").code == 0
    assert archive.run("fixity", "report", "--json").json()["outcomes"]["correct"] == 1
