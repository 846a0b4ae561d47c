"""The clock jumps between a package and its run: it is taken in once, all the same."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.archives import Archive
from tests.ingest.packages import a_folder


@pytest.mark.tool("faketime")
@pytest.mark.parametrize("jump", ["+40d", "-2d"])
def test_a_package_is_taken_in_after_a_jump(jump: str, archive: Archive, tmp_path: Path) -> None:
    archive.run("ingest", a_folder(tmp_path / "letters"), "--no-wait")
    subprocess.run(
        ["faketime", "-f", jump, *archive.command("worker", "--once")],
        env=archive.environment(),
        check=True,
        capture_output=True,
    )
    (row,) = archive.run("submission", "list", "--json").json()["submissions"]
    assert row["verdict"] == "accepted"
    assert len(archive.run("object", "list", "--json").json()["objects"]) == 1
    assert archive.run("ocfl", "validate", archive.storage_root).code == 0
    assert archive.run("fixity", "run", "--all").code == 0
