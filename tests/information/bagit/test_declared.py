"""Which digests a package speaks of, told before it is unpacked: a hint that never fails."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.bagit.declared import LOOKED_AT_ENTRIES, declared_algorithms
from tests.ingest.packages import a_folder

BAG: Mapping[str, bytes] = {
    "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
    "manifest-md5.txt": b"",
    "manifest-sha3256.txt": b"",
    "tagmanifest-SHA-1.txt": b"",
    "manifest-crc7.txt": b"",
    "data/manifest-sha512.txt": b"",
    "data/deep/manifest-sha224.txt": b"",
}
NAMED = {"md5", "sha3-256", "sha1"}


def tar_of(folder: Path, mode: str) -> Path:
    target = folder.with_name(f"{folder.name}.{mode}")
    with tarfile.open(target, f"w:{mode}") as tar:  # type: ignore[call-overload]  # any mode
        tar.add(folder, folder.name)
    return target


def zip_of(folder: Path, _mode: str) -> Path:
    target = folder.with_name(f"{folder.name}.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, f"{folder.name}/{file.relative_to(folder)}")
    return target


def test_the_manifests_of_a_folder_are_named(tmp_path: Path) -> None:
    assert declared_algorithms(a_folder(tmp_path / "bag", BAG)) == NAMED


def test_those_of_a_bag_in_a_top_folder_are_too(tmp_path: Path) -> None:
    a_folder(tmp_path / "outer" / "bag", BAG)
    assert declared_algorithms(tmp_path / "outer") == NAMED


@pytest.mark.parametrize(
    ("pack", "mode"), [(tar_of, ""), (tar_of, "gz"), (tar_of, "bz2"), (tar_of, "xz"), (zip_of, "")]
)
def test_those_of_an_archive_are_read_from_its_names(
    tmp_path: Path, pack: Callable[[Path, str], Path], mode: str
) -> None:
    archive = pack(a_folder(tmp_path / "bag", BAG), mode)
    assert declared_algorithms(archive) == {*NAMED}


def test_an_archive_without_a_top_folder_is_read_too(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("manifest-sha384.txt", "")
        archive.writestr("./tagmanifest-md5.txt", "")
    assert declared_algorithms(tmp_path / "a.zip") == {"sha384", "md5"}


def test_a_sip_json_and_a_mets_name_theirs(tmp_path: Path) -> None:
    sip_json = b'{"checksum": ["MD5:0123456789abcdef0123456789abcdef", "adler32:00000001"]}'
    folder = a_folder(tmp_path / "sip", {"data/meta/sip.json": sip_json, "x": b""})
    assert declared_algorithms(folder) == {"md5", "adler32"}
    mets = b'<file CHECKSUM="ab" CHECKSUMTYPE="SHA-256"/><file CHECKSUMTYPE="HAVAL"/>'
    assert declared_algorithms(a_folder(tmp_path / "eark", {"METS.xml": mets, "x": b""})) == {
        "sha256"
    }


def test_a_single_file_names_none(tmp_path: Path) -> None:
    a_folder(tmp_path, {"manifest-md5.txt": b"x"})
    assert declared_algorithms(tmp_path / "manifest-md5.txt") == set()


def test_a_package_that_went_away_names_none(tmp_path: Path) -> None:
    assert declared_algorithms(tmp_path / "gone") == set()


def test_a_package_that_the_disk_does_not_give_names_none(tmp_path: Path) -> None:
    (tmp_path / "a.tar").symlink_to("/proc/self/mem")
    assert declared_algorithms(tmp_path / "a.tar") == set()


def test_an_empty_folder_names_none(tmp_path: Path) -> None:
    assert declared_algorithms(tmp_path) == set()


def test_no_more_than_the_first_entries_of_a_tar_are_looked_at(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        for number in range(LOOKED_AT_ENTRIES):
            tar.addfile(tarfile.TarInfo(f"data/{number}"))
        tar.addfile(tarfile.TarInfo("manifest-md5.txt"))
    assert declared_algorithms(tmp_path / "a.tar") == set()


def test_no_more_than_the_first_bytes_of_a_tar_are_looked_at(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        large = tarfile.TarInfo("data/large")
        large.size = 17 << 20
        tar.addfile(tarfile.TarInfo("manifest-sha1.txt"))
        tar.addfile(large, io.BytesIO(bytes(large.size)))
        tar.addfile(tarfile.TarInfo("manifest-md5.txt"))
    assert declared_algorithms(tmp_path / "a.tar") == {"sha1"}


heads = st.sampled_from(
    [b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0", b""]
)


@given(head=heads, rest=st.binary(max_size=200), at=st.integers(0, 700))
def test_a_broken_archive_names_what_it_can(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, rest: bytes, at: int
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    whole = tar_of(a_folder(folder / "bag", {"manifest-md5.txt": b"x"}), "").read_bytes()
    (folder / "a").write_bytes(head + rest)
    (folder / "b").write_bytes(whole[:at] + rest + whole[at + len(rest) :])
    assert declared_algorithms(folder / "a") == set()
    assert declared_algorithms(folder / "b") <= {"md5"}
