"""Hostile packages: a report with path and reason, exit code 1, nothing in storage or outside."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.archives import Archive
from tests.ingest.aftermath import commands
from tests.ingest.packages import a_bag, a_folder

pytestmark = pytest.mark.slow

Make = Callable[[Path], Path]


def tar_with(member: tarfile.TarInfo, data: bytes = b"") -> Make:
    """Return a maker of a tar with one good and one bad member."""

    def make(place: Path) -> Path:
        package = place / "package.tar"
        with tarfile.open(package, "w") as archive:
            good = tarfile.TarInfo("good.txt")
            good.size = 4
            archive.addfile(good, io.BytesIO(b"good"))
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        return package

    return make


def a_member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = kind
    member.linkname = target
    return member


def a_zip_bomb(place: Path) -> Path:
    package = place / "bomb.zip"
    with (
        zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("zeros.bin", "w") as stream,
    ):
        for _ in range(40):
            stream.write(bytes(1 << 20))
    return package


def a_truncated_zip(place: Path) -> Path:
    package = place / "cut.zip"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("a.txt", b"a" * 1000)
    package.write_bytes(package.read_bytes()[:600])
    return package


def a_zip_that_leaves(place: Path) -> Path:
    package = place / "leaves.zip"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("../../outside.txt", b"out")
    return package


def a_bag_with_a_wild_manifest(place: Path) -> Path:
    bag = a_bag(place / "bag")
    manifest = bag / "manifest-sha256.txt"
    manifest.write_text(manifest.read_text() + f"{'0' * 64}  ../../../etc/passwd\n")
    return bag


def a_bag_that_is_no_text(place: Path) -> Path:
    bag = a_bag(place / "bag")
    (bag / "manifest-sha256.txt").write_bytes(b"\xff\xfe\x00garbage\x00\n" * 5)
    return bag


def an_eark_sip_of_garbage(place: Path) -> Path:
    package = a_folder(place / "sip")
    (package / "METS.xml").write_text(
        '<mets xmlns="http://www.loc.gov/METS/" PROFILE="https://earksip.dilcis.eu/profile/E-ARK-SIP.xml"'
        ' OBJID="x"><metsHdr'
    )
    return package


def a_description_with_entities(place: Path) -> Path:
    package = a_folder(place / "fonds")
    (package / "metadata").mkdir()
    (package / "metadata/dublincore.xml").write_text(
        '<!DOCTYPE dc [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<dc xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>&x;</dc:title></dc>'
    )
    return package


def a_link_out(place: Path) -> Path:
    package = a_folder(place / "links")
    (package / "passwd").symlink_to("/etc/passwd")
    return package


def a_pipe(place: Path) -> Path:
    package = a_folder(place / "pipes")
    os.mkfifo(package / "pipe")
    return package


def an_empty_folder(place: Path) -> Path:
    (place / "nothing").mkdir()
    return place / "nothing"


def folders_only(place: Path) -> Path:
    (place / "nothing/in/here").mkdir(parents=True)
    return place / "nothing"


def an_empty_zip(place: Path) -> Path:
    zipfile.ZipFile(place / "empty.zip", "w").close()
    return place / "empty.zip"


HOSTILE: dict[str, Make] = {
    "a path that leaves": tar_with(a_member("../../outside.txt"), b"out"),
    "an absolute path": tar_with(a_member("/outside.txt"), b"out"),
    "a drive letter": tar_with(a_member("C:\\outside.txt"), b"out"),
    "a link that leaves": tar_with(a_member("link", tarfile.SYMTYPE, "/etc/passwd")),
    "a hard link that leaves": tar_with(a_member("link", tarfile.LNKTYPE, "../../etc/passwd")),
    "a dangling link": tar_with(a_member("link", tarfile.SYMTYPE, "nowhere")),
    "a device": tar_with(a_member("null", tarfile.CHRTYPE)),
    "a pipe in a tar": tar_with(a_member("pipe", tarfile.FIFOTYPE)),
    "a zip bomb": a_zip_bomb,
    "a truncated zip": a_truncated_zip,
    "a zip that leaves": a_zip_that_leaves,
    "a wild manifest": a_bag_with_a_wild_manifest,
    "a manifest of garbage": a_bag_that_is_no_text,
    "METS of garbage": an_eark_sip_of_garbage,
    "a description with entities": a_description_with_entities,
    "a link in a folder": a_link_out,
    "a pipe in a folder": a_pipe,
    "an empty folder": an_empty_folder,
    "folders and no file": folders_only,
    "an empty zip": an_empty_zip,
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_package_is_refused_and_leaves_no_trace(
    archive: Archive, tmp_path: Path, make: Make
) -> None:
    place = tmp_path / "in"
    place.mkdir()
    package = make(place)
    before = sorted(archive.storage_root.rglob("*"))
    answer = archive.run("ingest", package, "--json")
    assert answer.code == 1, answer.out + answer.err
    assert "Traceback" not in answer.err + answer.out
    (submission,) = answer.json()["submissions"]
    assert submission["verdict"] == "refused"
    errors = [each for each in submission["findings"] if each["severity"] == "error"]
    assert errors
    assert all(each["message"] for each in errors)
    assert sorted(archive.storage_root.rglob("*")) == before
    assert not list(tmp_path.rglob("outside.txt"))
    assert not Path("/outside.txt").exists()


def test_empty_files_are_content(archive: Archive, tmp_path: Path) -> None:
    package = a_folder(tmp_path / "empty", {"a": b"", "b/c": b""})
    (submission,) = archive.ingest(package)
    assert (submission["verdict"], submission["file_count"]) == ("accepted", 2)
    export = f"object export {submission['object_id']} --as original --to {tmp_path}/back"
    assert [answer.code for answer in commands(archive, export)] == [0]
    assert [(tmp_path / "back" / name).read_bytes() for name in ("a", "b/c")] == [b"", b""]
