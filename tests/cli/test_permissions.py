"""Files that may not be written or read, databases that are none: a sentence, never a traceback.

On SQLite alone, in processes of their own: what a file permits is asked of the kernel.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.archives import Answer, Archive, ArchiveTemplate, make_template
from tests.cli.test_error_paths import assert_is_told

PR_CAPBSET_DROP, OVERRIDES = 24, (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


def _obey_permissions() -> None:
    """Let this process, root too, be bound by the bits of files, as people are."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in OVERRIDES if os.geteuid() == 0 else ():
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "cannot give up the right to ignore permissions")


def run_as_people(archive: Archive, words: Sequence[str | Path]) -> Answer:
    done = subprocess.run(
        archive.command(*words),
        env=archive.environment(),
        cwd=archive.home.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=_obey_permissions,  # two calls to the kernel
    )
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def embedded_template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveTemplate:
    """An archive on SQLite, whatever database the run is for."""
    return make_template(tmp_path_factory.mktemp("embedded"), None)


@pytest.fixture
def embedded(embedded_template: ArchiveTemplate, tmp_path: Path) -> Archive:
    return embedded_template.copy(tmp_path / "archive")


@pytest.fixture
def read_only(embedded: Archive) -> Iterator[Archive]:
    """An archive that nobody may write."""
    every = [embedded.home, *embedded.home.rglob("*")]
    modes = {path: path.stat().st_mode for path in every}
    for path in every:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield embedded
    for path, mode in modes.items():
        path.chmod(mode)


@pytest.mark.parametrize(
    "words",
    [["queue", "pause", "x"], ["job", "prune", "--yes"], ["ingest", "."], ["recover"], ["init"]],
    ids=" ".join,
)
def test_in_a_home_that_is_read_only(read_only: Archive, words: list[str]) -> None:
    answer = run_as_people(read_only, words)
    assert answer.code == 3, answer.err
    assert "Traceback" not in answer.err
    assert answer.err.startswith("muniment: ")


def test_a_package_that_may_not_be_read(embedded: Archive, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").touch(mode=0o000)
    answer = run_as_people(embedded, ["ingest", tmp_path / "secret.txt"])
    assert answer.code in {1, 2, 3}
    assert "Traceback" not in answer.err
    assert "secret.txt" in answer.out + answer.err
    assert "ermission" in answer.out + answer.err


def test_a_settings_file_that_may_not_be_read(embedded: Archive) -> None:
    (embedded.home / "muniment.toml").chmod(0o000)
    answer = run_as_people(embedded, ["object", "list"])
    assert_is_told(answer, 2, "muniment.toml: cannot be read: Permission denied")


def test_a_place_that_may_not_be_written_is_no_place_for_a_new_archive(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o555)
    answer = run_as_people(Archive(tmp_path / "locked" / "home"), ["init"])
    assert_is_told(answer, 3, "locked/home", "Permission denied")


def _lose_database(archive: Archive) -> None:
    for file in archive.home.glob("muniment.sqlite3*"):
        file.unlink()


def test_a_lost_database_is_made_anew_by_rebuild(embedded: Archive) -> None:
    _lose_database(embedded)
    assert embedded.run("rebuild").code == 0
    assert embedded.run("object", "list").code == 0


@pytest.mark.parametrize("words", [["object", "list"], ["queue", "pause", "x"]], ids=" ".join)
def test_with_a_file_that_is_no_database(embedded: Archive, words: list[str]) -> None:
    _lose_database(embedded)
    (embedded.home / "muniment.sqlite3").write_bytes(b"this is no database at all" * 100)
    assert_is_told(embedded.run(*words), 3, "database", "not a database")
