"""A package that somebody works on while it is copied is refused, and can be sent again."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

from muniment.ingest.queries import receipt_of
from muniment.ingest.types import SubmissionState
from tests.eventually import eventually
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import a_folder

# Copied first, one by each helper: the small ones behind them are listed, and wait to be read.
SIZE = 192 << 20
LARGE = [f"0-{number}" for number in range(len(os.sched_getaffinity(0)))]


def a_package(place: Path) -> Path:
    folder = a_folder(place, dict.fromkeys(("a", "b", "c", "d", "e", "f"), b"content of it"))
    for name in LARGE:
        with (folder / name).open("wb") as stream:
            stream.truncate(SIZE)
    return folder


def change_everything(folder: Path) -> None:
    with (folder / "a").open("ab") as stream:
        stream.write(b", which grew")
    os.truncate(folder / "b", 1)
    for name in "cde":
        (folder / name).unlink()
    (folder / "d").symlink_to("/etc/hostname")
    os.mkfifo(folder / "e")


def while_it_is_copied(archive: OpenArchive, deed: Callable[[], object]) -> threading.Thread:
    """Start a thread that does the deed when the large files are being copied."""

    def work() -> None:
        copies = archive.home.work / "submissions"
        eventually(lambda: bool(list(copies.glob(f"*/package.partial/{LARGE[-1]}"))), within_s=60)
        deed()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_what_changed_under_the_copy_is_named(open_archive: OpenArchive, tmp_path: Path) -> None:
    folder = a_package(tmp_path / "package")
    thread = while_it_is_copied(open_archive, lambda: change_everything(folder))
    submission = open_archive.hand_in(folder)
    thread.join()
    assert submission.state == SubmissionState.REFUSED, submission.held_reason
    receipt = json.loads(receipt_of(submission).read_bytes())
    errors = [each for each in receipt["findings"] if each["severity"] == "error"]
    assert [(each["code"], each["path"]) for each in errors] == [
        ("entry-changed", name) for name in "abcde"
    ]
    assert list(open_archive.root.object_ids()) == []
    for name in "de":
        (folder / name).unlink()
    assert open_archive.hand_in(folder).state == SubmissionState.ACCEPTED


def test_a_package_that_goes_while_it_is_copied_is_refused(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    folder = a_package(tmp_path / "package")
    thread = while_it_is_copied(open_archive, lambda: folder.rename(tmp_path / "away"))
    submission = open_archive.hand_in(folder)
    thread.join()
    assert submission.state == SubmissionState.REFUSED, submission.held_reason
    assert list(open_archive.root.object_ids()) == []
