"""Names and bytes of any kind: whatever goes in comes out, in every form of export."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from muniment.information.paths import SafePath, safe_path
from tests.archives import Archive
from tests.ingest.aftermath import commands, objects_in

pytestmark = pytest.mark.slow

Content = Mapping[bytes, bytes]
TEXT_NAMES = [
    "100%.txt", "%41.txt", "café.txt", "e\u0301.txt", "\u00e9.txt", "Case.txt", "case.txt",
    "CASE/a.txt", "Case/a.txt", "ß.txt", "ss.txt", "\u202etxt.exe", "ميناء.txt", "港.txt",
    "👩‍👩‍👧.txt", " leads.txt", "trails.txt ", " ", "dot.", "...", ".hidden",
    "-rf", "--", "~", "$(id)",
    "CON", "aux.txt", "nul", "COM1.log", "ab:c", "back\\slash", 'quo"te', "a<b>c|d?e*f",
    "METS.xml/inside.txt", "data/manifest-sha256.txt", "x" * 255, "ä" * 127, "/".join("deep" * 50),
    "/".join(["k" * 200] * 12), "line\nfeed.txt", "return\rhere.txt",
    "tab\there.txt", "bell\x07.txt",
    "\x01\x1b[31mred", "del\x7f", "\u2028line",
]  # fmt: skip
RAW_NAMES = [
    b"caf\xe9.txt", b"\xff\xfe", b"\xed\xa0\x80half", b"\xc3", b"\xf0\x9f\x91", b"\x80" * 255,
    b"/".join([b"\xfe" * 84] * 12), b"folder\xe9/in\xe9",
]  # fmt: skip


DATA = "representations/original/data/"


def content_of(names: list[bytes]) -> Content:
    return {name: b"content %d\n" % number for number, name in enumerate(names)}


TEXT = content_of([name.encode() for name in TEXT_NAMES])
ALL = {**TEXT, **{name: name for name in RAW_NAMES}}


def as_folder(place: Path, content: Content) -> Path:
    for name, data in content.items():
        file = place / "package" / os.fsdecode(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return place / "package"


def as_tar(place: Path, content: Content) -> Path:
    with tarfile.open(place / "package.tar.gz", "w:gz", encoding="utf-8") as archive:
        for name, data in content.items():
            member = tarfile.TarInfo(os.fsdecode(name))
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return place / "package.tar.gz"


def as_zip(place: Path, content: Content) -> Path:
    with zipfile.ZipFile(place / "package.zip", "w") as archive:
        for name, data in content.items():
            archive.writestr(name.decode(), data)
    return place / "package.zip"


def files_in(folder: Path) -> dict[bytes, bytes]:
    return {
        os.fsencode(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def accepted(archive: Archive, package: Path) -> str:
    (submission,) = archive.ingest(package)
    assert submission["verdict"] == "accepted", submission["reason"]
    assert len(objects_in(archive)) == 1
    return str(submission["object_id"])


@pytest.mark.parametrize(
    ("pack", "content"),
    [
        pytest.param(as_folder, ALL, id="folder"),
        pytest.param(as_tar, ALL, id="tar"),
        pytest.param(as_zip, TEXT, id="zip"),
    ],
)
def test_every_name_comes_back_in_every_form(
    archive: Archive,
    tmp_path: Path,
    pack: Callable[[Path, Content], Path],
    content: Content,
) -> None:
    object_id = accepted(archive, pack(tmp_path, content))
    forms = ("original", "folder", "zip", "bag")
    ended = commands(
        archive,
        *(f"object export {object_id} --as {form} --to {tmp_path}/{form}" for form in forms),
        # Not by `bagit`: it strips blanks at the end of a name.
        f"bag validate {tmp_path}/bag",
    )
    assert [answer.code for answer in ended] == [0] * 5, ended
    assert files_in(tmp_path / "original") == content
    expected = {DATA + stored(name): data for name, data in content.items()}
    assert files_below(tmp_path / "folder") == expected
    assert files_below(tmp_path / "bag/data") == expected
    with zipfile.ZipFile(tmp_path / "zip") as packed:
        inside = {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}
    assert {name: data for name, data in inside.items() if name.startswith(DATA)} == expected


def files_below(version: Path) -> dict[str, bytes]:
    """Return the content of an exported version by our own paths, which are text."""
    return {DATA + name.decode(): data for name, data in files_in(version / DATA).items()}


def stored(name: bytes) -> str:
    found = safe_path(name)
    assert isinstance(found, SafePath)
    return found.path
