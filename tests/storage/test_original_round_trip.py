"""What was sent comes back byte for byte, through the whole pipeline (archive spec §9.1)."""

from __future__ import annotations

import hashlib
import os
import tarfile
from pathlib import Path

import pytest

from tests.archives import Archive

ODD_NAMES = (b"plain.txt", b"sub/100%.txt", b"sub/\xff\xfe.bin", "sub/ü.txt".encode(), b"a b\rc")


def write(folder: Path, name: bytes, content: bytes) -> None:
    path = folder / os.fsdecode(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def tree(folder: Path) -> dict[str, bytes | None]:
    """Return every file with its bytes and every empty folder with None."""
    found: dict[str, bytes | None] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            found[str(path.relative_to(folder))] = path.read_bytes()
        elif not any(path.iterdir()):
            found[str(path.relative_to(folder))] = None
    return found


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    folder = tmp_path / "letters"
    for number, name in enumerate(ODD_NAMES):
        write(folder, name, b"content %d" % number)
    (folder / "empty/inside").mkdir(parents=True)
    return folder


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    folder = tmp_path / "a-bag"
    write(folder, b"data/x.txt", b"x")
    write(folder, b"data/deep/y.txt", b"y")
    (folder / "data/empty").mkdir()
    write(folder, b"bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    lines = [
        f"{hashlib.sha256((folder / path).read_bytes()).hexdigest()}  {path}\n"
        for path in ("data/deep/y.txt", "data/x.txt")
    ]
    write(folder, b"manifest-sha256.txt", "".join(lines).encode())
    write(folder, b"tags/note.txt", b"a tag file")
    return folder


@pytest.fixture
def original(archive: Archive, tmp_path: Path) -> Original:
    return Original(archive, tmp_path / "back")


class Original:
    """Sends a package in and takes it out again."""

    def __init__(self, archive: Archive, target: Path) -> None:
        self.archive = archive
        self.target = target

    def of(self, source: Path) -> dict[str, bytes | None]:
        """Ingest and export; return what came back."""
        (submission,) = self.archive.ingest(source)
        words = ["object", "export", submission["object_id"], "--form", "original"]
        answer = self.archive.run(*words, "--to", self.target)
        assert answer.code == 0, answer.err
        return tree(self.target)


def test_a_plain_folder_comes_back(plain: Path, original: Original) -> None:
    assert original.of(plain) == tree(plain)


def test_a_bag_comes_back(bag: Path, original: Original) -> None:
    assert original.of(bag) == tree(bag)


def test_a_bag_comes_back_out_of_its_tar(bag: Path, original: Original, tmp_path: Path) -> None:
    packed = tmp_path / "packed.tar.gz"
    with tarfile.open(packed, "w:gz") as archive:
        archive.add(bag, arcname="some-top")
    assert original.of(packed) == tree(bag)
