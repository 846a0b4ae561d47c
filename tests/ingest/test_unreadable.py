"""Files and folders that may not be read or written: a sentence that names them, nothing stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archives import Archive
from tests.ingest.aftermath import commands, objects_in, submissions_in
from tests.ingest.packages import CONTENT, a_bag, a_folder
from tests.ordinary_user import OrdinaryArchive

pytestmark = pytest.mark.slow


@pytest.fixture
def ordinary(archive: Archive) -> Archive:
    return OrdinaryArchive(archive.home, archive.database)


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Path]:
    folder = a_folder(tmp_path / "package")
    yield folder
    folder.chmod(0o755)
    for each in folder.iterdir():
        each.chmod(0o755)  # so that they can be cleared away


def closed_to(ordinary: Archive, package: Path) -> dict[str, str]:
    """Hand in what is refused; return the reasons by the paths that were named."""
    answer = ordinary.run("ingest", package, "--json")
    (submission,) = answer.json()["submissions"]
    assert (answer.code, submission["verdict"], answer.err) == (1, "refused", "")
    assert objects_in(ordinary) == []
    return {each["path"]: each["params"]["reason"] for each in submission["findings"]}


def test_each_file_and_folder_that_may_not_be_read_is_named(
    ordinary: Archive, package: Path
) -> None:
    (package / "list.csv").chmod(0)
    (package / "letters").chmod(0)
    a_folder(package / "listed", {"a.txt": b"may be listed, not opened"}).chmod(0o444)
    names = ("letters", "list.csv", "listed/a.txt")
    assert closed_to(ordinary, package) == dict.fromkeys(names, "Permission denied")


def test_a_package_that_may_not_be_read_at_all_is_named(ordinary: Archive, package: Path) -> None:
    package.chmod(0)
    assert closed_to(ordinary, package) == {"package": "Permission denied"}


def test_a_package_that_may_only_be_read_is_as_good_as_any(
    ordinary: Archive, package: Path
) -> None:
    for each in [*package.rglob("*"), package]:
        each.chmod(0o555 if each.is_dir() else 0o444)
    (submission,) = ordinary.ingest(package)
    assert submission["verdict"] == "accepted"
    assert len(objects_in(ordinary)) == 1
    assert {n: (package / n).read_bytes() for n in CONTENT} == CONTENT, "it stays where it is"


@pytest.mark.parametrize("place", ["work", "storage", "ledger", "quarantine"])
def test_a_place_that_may_not_be_written_is_named_and_the_package_waits(
    ordinary: Archive, tmp_path: Path, place: str
) -> None:
    bag = a_bag(tmp_path / "bag")
    is_refused = place == "quarantine"
    if is_refused:
        (bag / "data/list.csv").write_bytes(b"altered")
    (ordinary.home / place).chmod(0o555)
    answer = ordinary.run("ingest", bag, "--json")
    (ordinary.home / place).chmod(0o755)
    (submission,) = answer.json()["submissions"]
    assert (answer.code, submission["verdict"]) == (3, "queued")
    assert f"{ordinary.home / place}/" in submission["reason"]
    assert "Permission denied" in submission["reason"]
    # The version is whole before the ledger is told of it.
    assert len(objects_in(ordinary)) == (1 if place == "ledger" else 0)
    commands(ordinary, "job retry 1", "worker --once")
    (after,) = submissions_in(ordinary)
    assert after["verdict"] == ("refused" if is_refused else "accepted")
    assert len(objects_in(ordinary)) == (0 if is_refused else 1)


def test_a_database_that_may_not_be_written_is_named(ordinary: Archive, package: Path) -> None:
    if ordinary.database:
        pytest.skip("PostgreSQL is no file (2026-11-30)")
    file = ordinary.home / "muniment.sqlite3"
    file.chmod(0o444)
    answer = ordinary.run("ingest", package, "--json")
    assert (answer.code, "Traceback" in answer.err) == (3, False)
    assert "the audit trail was not written" in answer.err
    assert str(file) in answer.json()["error"]["message"]
    assert objects_in(ordinary) == []
