"""What documentation/README.txt tells people to do works, with their own tools."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from muniment.information.aip import write_aip
from tests.information.aip.builders import a_description, a_file, a_representation, put


def a_package(folder: Path) -> Path:
    write_aip(a_description(representations=(a_representation([a_file("a.txt", b"a")]),)), folder)
    put(folder, "representations/original/data/a.txt", b"a")
    return folder


def command_in(package: Path, first_word: str) -> str:
    text = (package / "documentation/README.txt").read_text()
    match = re.search(rf"^  ({first_word} .*\n(?:    .*\n)*)", text, re.MULTILINE)
    assert match is not None
    return match[1]


def checked(package: Path, folder: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", command_in(package, "grep")],
        cwd=package / folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("folder", "count"), [("", 5), ("representations/original", 2)])
def test_the_digests_of_a_good_package_are_right(tmp_path: Path, folder: str, count: int) -> None:
    done = checked(a_package(tmp_path), folder)
    assert (done.returncode, done.stderr, done.stdout.count(": OK")) == (0, "", count)


def test_an_altered_file_is_seen(tmp_path: Path) -> None:
    package = a_package(tmp_path)
    put(package, "representations/original/data/a.txt", b"b")
    assert "data/a.txt: FAILED" in checked(package, "representations/original").stdout


def test_it_is_the_same_in_every_version(tmp_path: Path) -> None:
    first = a_package(tmp_path / "v1") / "documentation/README.txt"
    write_aip(a_description(software_version="9"), tmp_path / "v2")
    assert first.read_bytes() == (tmp_path / "v2/documentation/README.txt").read_bytes()
