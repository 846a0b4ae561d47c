"""`muniment shell`: Python in the archive."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archives import Archive, ArchiveTemplate


@pytest.fixture
def archive(archive_template: ArchiveTemplate, tmp_path: Path) -> Iterator[Archive]:
    made = archive_template.copy(tmp_path / "archive")
    yield made
    made.remove()


def test_a_command_sees_the_tables(archive: Archive) -> None:
    answer = archive.run("shell", "--command", "print(Submission.objects.count())")
    assert (answer.code, answer.out.strip()) == (0, "0")


def test_input_that_is_no_terminal_is_run(archive: Archive) -> None:
    done = subprocess.run(
        archive.command("shell"),
        env=archive.environment(),
        input=b"print(User.objects.count())\n",
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == b"0"
