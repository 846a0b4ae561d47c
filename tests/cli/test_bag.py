"""`muniment bag` as people and scripts call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.open_archives import muniment


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_bytes(b"Dear archive")
    (tmp_path / "letters" / "b.txt").write_bytes(b"Dear producer")
    return tmp_path / "letters"


def test_a_folder_becomes_a_valid_bag_where_it_is(folder: Path) -> None:
    assert muniment("bag", "create", folder).code == 0
    answer = muniment("bag", "validate", folder)
    assert answer.code == 0
    assert answer.out == f"{folder}: valid (2 files, 25 bytes, BagIt 1.0)\n"


def test_a_bag_is_made_elsewhere_and_the_folder_stays(folder: Path, tmp_path: Path) -> None:
    answer = muniment("bag", "create", folder, "--to", tmp_path / "bag", "--json")
    assert answer.json() == {
        "valid": True,
        "errors": [],
        "warnings": [],
        "path": str(tmp_path / "bag"),
        "file_count": 2,
        "size_bytes": 25,
        "dry_run": False,
    }
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "b.txt"]
    assert muniment("bag", "validate", tmp_path / "bag", "-q").code == 0


def test_algorithms_and_metadata_are_as_asked_for(folder: Path) -> None:
    words = ["--algorithm", "MD5", "--algorithm", "sha3-256", "--info", "Source-Organization=A = B"]
    assert muniment("bag", "create", folder, *words).code == 0
    assert (folder / "manifest-md5.txt").exists()
    assert (folder / "manifest-sha3256.txt").exists()
    assert (folder / "bag-info.txt").read_text() == (
        "Source-Organization: A = B\nPayload-Oxum: 25.2\n"
    )


def damaged(folder: Path) -> dict[str, Any]:
    muniment("bag", "create", folder, "--algorithm", "md5")
    (folder / "data" / "a.txt").write_bytes(b"dear archive")
    (folder / "data" / "b.txt").unlink()
    (folder / "data" / "c.txt").touch()
    answer = muniment("bag", "validate", folder, "--json")
    assert answer.code == 1
    found: dict[str, Any] = answer.json()
    return found


def test_every_fault_is_named_with_its_path(folder: Path) -> None:
    document = damaged(folder)
    assert document["valid"] is False
    assert {(each["code"], each["path"]) for each in document["errors"]} == {
        ("payload-altered", "data/a.txt"),
        ("payload-missing", "data/b.txt"),
        ("payload-extra", "data/c.txt"),
        ("oxum-mismatch", "bag-info.txt"),
    }


def test_people_read_what_was_expected_and_found(folder: Path) -> None:
    damaged(folder)
    answer = muniment("bag", "validate", folder)
    assert "ERROR payload-altered data/a.txt: The md5 digest differs from the manifest." in (
        answer.out
    )
    assert "    expected 25.2, found 12.2" in answer.out
    assert answer.out.endswith(f"{folder}: not valid (2 files, 12 bytes, BagIt 1.0)\n")


def test_a_quick_validation_reads_no_payload_of_a_bag_with_a_wrong_size(folder: Path) -> None:
    damaged(folder)
    answer = muniment("bag", "validate", folder, "--quick", "--json")
    assert answer.code == 1
    assert "payload-altered" not in answer.out
    assert "oxum-mismatch" in answer.out


@pytest.mark.parametrize(
    "words",
    [
        ["validate", "/nowhere"],
        ["create", "/nowhere"],
        ["create", "{folder}", "--algorithm", "crc7"],
        ["create", "{folder}", "--info", "no value"],
        ["create", "{folder}", "--to", "{folder}/inside"],
        ["create", "{folder}", "--to", "{folder}/.."],
    ],
)
def test_wrong_usage_is_told_without_a_traceback(folder: Path, words: list[str]) -> None:
    answer = muniment("bag", *(word.format(folder=folder) for word in words))
    assert answer.code == 2
    assert answer.err.startswith("muniment: ")
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "b.txt"]


def test_wrong_usage_is_one_document_too(folder: Path) -> None:
    answer = muniment("bag", "validate", folder / "nowhere", "--json")
    assert answer.code == 2
    assert json.loads(answer.out)["error"]["code"] == "invalid-argument"


def test_a_link_in_a_folder_is_refused_and_nothing_is_moved(folder: Path) -> None:
    (folder / "c").symlink_to("a.txt")
    answer = muniment("bag", "create", folder)
    assert answer.code == 2
    assert "c is a link" in answer.err
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "b.txt", "c"]


def test_what_is_no_folder_is_named_as_what_it_is(folder: Path) -> None:
    answer = muniment("bag", "validate", folder / "a.txt")
    assert answer.code == 2
    assert f"{folder / 'a.txt'} is a file, and a bag is a folder: unpack" in answer.err
    answer = muniment("bag", "validate", folder / "nowhere")
    assert answer.code == 2
    assert f"there is nothing at {folder / 'nowhere'}" in answer.err
