"""A file is replaced whole: what is synced, and when, decides what a power cut leaves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from muniment.runtime.durable import write_durably


def test_the_file_is_synced_before_it_takes_its_place_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, sync = tmp_path / "report", os.fsync
    target.write_bytes(b"old")
    seen: list[tuple[str, int, bytes]] = []

    def watching(descriptor: int) -> None:
        name = Path(f"/proc/self/fd/{descriptor}").readlink().name
        size = os.fstat(descriptor).st_size if name != tmp_path.name else 0
        seen.append((name, size, target.read_bytes()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", watching)
    with write_durably(target) as stream:
        stream.write(b"new one")
    assert seen == [(".report.new", 7, b"old"), (tmp_path.name, 0, b"new one")]


def test_an_interrupted_write_leaves_the_old_file_alone(tmp_path: Path) -> None:
    target = tmp_path / "report"
    target.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), write_durably(target) as stream:
        stream.write(b"%d" % (1 // 0))
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"report": b"old"}
