"""Faults around an ingest: each ends in a clear answer, and storage is whole at all times."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.archives import Answer, Archive
from tests.ingest.aftermath import commands, objects_in, submissions_in, told, work_left
from tests.ingest.packages import CONTENT, a_bag, a_folder

INFO = "Source-Organization: Museum\nExternal-Identifier: M-1\n"


def the_sentence(answer: Answer) -> str:
    """Return the reason that a command of one package gave; never a traceback."""
    assert "Traceback" not in answer.err, answer.err
    document = answer.json()
    if "error" in document:
        return str(document["error"]["message"])
    return str(document["submissions"][0]["reason"])


def test_the_reserve_of_the_disk_is_never_used(archive: Archive, tmp_path: Path) -> None:
    package = a_folder(tmp_path / "package")
    answer = archive.run("ingest", package, "--json", MUNIMENT_DISK_RESERVE_BYTES=str(1 << 60))
    assert answer.code == 3
    assert "reserve" in the_sentence(answer)
    commands(archive, "job retry 1", "worker --once")
    assert submissions_in(archive)[0]["verdict"] == "accepted"


def ended(process: subprocess.Popen[bytes]) -> Answer:
    """Wait for a command that was started."""
    out, err = process.communicate(timeout=120)
    return Answer(process.returncode, out.decode(), err.decode())


def test_two_packages_of_one_new_object_at_once_are_its_two_versions(
    archive: Archive, tmp_path: Path
) -> None:
    bags = [a_bag(tmp_path / name, {"a.txt": name.encode()}, INFO) for name in ("one", "two")]
    running = [archive.start("ingest", bag, "--json") for bag in bags]
    answers = [ended(process) for process in running]
    found = [answer.json()["submissions"][0] for answer in answers]
    assert [each["verdict"] for each in found] == ["accepted", "accepted"], found
    assert sorted(each["version"] for each in found) == [1, 2]
    assert len({each["object_id"] for each in found}) == 1
    assert len(objects_in(archive)) == 1


def test_two_packages_for_a_known_object_at_once_are_two_versions(
    archive: Archive, tmp_path: Path
) -> None:
    first = archive.ingest(a_bag(tmp_path / "zero", info=INFO))[0]["object_id"]
    folders = [a_folder(tmp_path / name, {"a.txt": name.encode()}) for name in ("one", "two")]
    running = [archive.start("ingest", folder, "--object", first, "--json") for folder in folders]
    found = [ended(process).json()["submissions"][0] for process in running]
    assert sorted(each["version"] for each in found) == [2, 3]
    assert len(objects_in(archive)) == 1


@pytest.mark.parametrize("is_same", [False, True], ids=["equal packages", "the same package"])
def test_packages_without_identifier_at_once_are_an_object_each(
    archive: Archive, tmp_path: Path, is_same: bool
) -> None:
    folders = [a_folder(tmp_path / ("one" if is_same else name)) for name in ("one", "two")]
    running = [archive.start("ingest", folder, "--json") for folder in folders]
    found = [ended(process).json()["submissions"][0] for process in running]
    assert [(each["verdict"], each["version"]) for each in found] == [("accepted", 1)] * 2, found
    assert len({each["object_id"] for each in found}) == 2
    assert len(objects_in(archive)) == 2
    assert work_left(archive) == []
    assert sorted(told(archive)) == ["accession"] * 2 + ["fixity check"] * 2
    for each in found:
        export = f"object export {each['object_id']} --as original --to {tmp_path / 'back'}"
        assert commands(archive, f"{export} --overwrite")[0].code == 0
        assert {name: (tmp_path / "back" / name).read_bytes() for name in CONTENT} == CONTENT
