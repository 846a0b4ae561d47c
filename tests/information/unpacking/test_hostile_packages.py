"""What hostile producers send: a report with path and reason, nothing outside the work area."""

from __future__ import annotations

import os
import socket
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.unpacking import UnpackLimits
from muniment.information.unpacking.intake import CODES
from muniment.runtime.errors import InvalidArgument, NoSpace
from tests.information.unpacking.packages import (
    SMALL,
    a_folder,
    a_tar,
    a_zip,
    an_entry,
    received,
    unix_entry,
)


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """A neighbour of the work area that no package may touch."""
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "file").write_bytes(b"untouched")
    yield victim
    assert [(path.name, path.read_bytes()) for path in victim.iterdir()] == [("file", b"untouched")]


paths = pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../victim/file", "path-parent"),
        ("a/../../victim/file", "path-parent"),
        ("..\\victim\\file", "path-parent"),
        ("/etc/cron.d/x", "path-absolute"),
        ("\\\\server\\x", "path-absolute"),
        ("C:\\x", "path-drive"),
        ("c:x", "path-drive"),
        ("/".join(["long" * 50] * 20), "path-long"),
    ],
)


@paths
def test_a_tar_cannot_leave_the_work_area(
    tmp_path: Path, outside: Path, name: str, code: str
) -> None:
    source = a_tar(tmp_path / "p", an_entry(name, b"evil"), an_entry("good", b"x"))
    came = received(source, tmp_path / "work")
    assert came.codes == [(code, name)]
    assert came.content == {"good": b"x"}


@paths
def test_a_zip_cannot_leave_the_work_area(
    tmp_path: Path, outside: Path, name: str, code: str
) -> None:
    source = a_zip(tmp_path / "p", (name, b"evil"), ("good", b"x"))
    came = received(source, tmp_path / "work")
    assert came.codes == [(code, name)]
    assert came.content == {"good": b"x"}


def test_a_nul_in_a_name_is_refused(tmp_path: Path) -> None:
    source = a_tar(tmp_path / "p", an_entry("x", pax_headers={"path": "a\0b"}))
    came = received(source, tmp_path / "work")
    assert came.codes == [("path-nul", "a%00b")]


links = pytest.mark.parametrize(
    ("target", "policy", "code"),
    [
        ("/etc/passwd", "refuse", "link-leaves"),
        ("/etc/passwd", "copy", "link-leaves"),
        ("../victim/file", "copy", "link-leaves"),
        ("d/../../victim/file", "copy", "link-leaves"),
        ("good", "refuse", "link-refused"),
        ("gone", "copy", "link-dangling"),
        ("link", "copy", "link-dangling"),
        (".", "copy", "link-dangling"),
    ],
)


@links
def test_symbolic_links_of_a_tar_are_refused(
    tmp_path: Path, outside: Path, target: str, policy: str, code: str
) -> None:
    link = an_entry("link", type=tarfile.SYMTYPE, linkname=target)
    source = a_tar(tmp_path / "p", link, an_entry("good", b"x"))
    came = received(source, tmp_path / "work", links=policy)  # type: ignore[arg-type]  # a parameter
    assert came.codes == [(code, "link")]
    assert came.content == {"good": b"x"}


@links
def test_symbolic_links_of_a_zip_are_refused(
    tmp_path: Path, outside: Path, target: str, policy: str, code: str
) -> None:
    link = unix_entry("link", 0o120777)
    source = a_zip(tmp_path / "p", (link, target.encode()), ("good", b"x"))
    came = received(source, tmp_path / "work", links=policy)  # type: ignore[arg-type]  # a parameter
    assert came.codes == [(code, "link")]
    assert came.content == {"good": b"x"}


@links
def test_symbolic_links_of_a_folder_are_refused(
    tmp_path: Path, outside: Path, target: str, policy: str, code: str
) -> None:
    folder = a_folder(tmp_path / "in", {b"good": b"x"})
    (folder / "link").symlink_to(target)
    came = received(folder, tmp_path / "work", links=policy)  # type: ignore[arg-type]  # a parameter
    assert came.codes == [(code, "link")]
    assert came.content == {"good": b"x"}


def test_a_file_behind_a_linked_folder_stays_inside(tmp_path: Path, outside: Path) -> None:
    source = a_tar(
        tmp_path / "p",
        an_entry("d", type=tarfile.SYMTYPE, linkname="../victim"),
        an_entry("d/file", b"evil"),
    )
    came = received(source, tmp_path / "work")
    assert came.codes == [("link-leaves", "d")]
    assert came.content == {"d/file": b"evil"}


@pytest.mark.parametrize(
    ("target", "code"),
    [("../victim/file", "link-leaves"), ("/etc/passwd", "link-leaves"), ("gone", "link-dangling")],
)
def test_hard_links_out_of_the_package_are_refused(
    tmp_path: Path, outside: Path, target: str, code: str
) -> None:
    source = a_tar(tmp_path / "p", an_entry("link", type=tarfile.LNKTYPE, linkname=target))
    assert received(source, tmp_path / "work").codes == [(code, "link")]


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, b"Z"])
def test_devices_and_fifos_of_a_tar_are_refused(tmp_path: Path, kind: bytes) -> None:
    source = a_tar(tmp_path / "p", an_entry("x", type=kind))
    came = received(source, tmp_path / "work")
    assert came.codes == [("entry-special", "x")]
    assert list(came.package.iterdir()) == []


def test_fifos_and_sockets_of_a_folder_are_refused(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "in", {})
    os.mkfifo(folder / "fifo")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "socket"))
        came = received(folder, tmp_path / "work")
    assert came.codes == [("entry-special", "fifo"), ("entry-special", "socket")]


@pytest.mark.parametrize("names", [("a", "a"), ("a", "a/b"), ("a/b", "a"), ("./a", "a")])
def test_a_path_twice_is_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    source = a_tar(tmp_path / "p", *(an_entry(name, b"x") for name in names))
    assert received(source, tmp_path / "work").codes == [
        ("path-twice", names[1].removeprefix("./"))
    ]


def test_twins_are_accepted_and_flagged(tmp_path: Path) -> None:
    names = ["Letter", "letter", "d/\u00e9", "d/e\u0301"]
    source = a_tar(tmp_path / "p", *(an_entry(name, b"x") for name in names))
    came = received(source, tmp_path / "work")
    assert set(came.codes) == {("name-twins", "letter"), ("name-twins", "d/\u00e9")}
    assert came.report.is_accepted
    assert len(came.content) == 4


def test_backslashes_and_control_characters_are_accepted_and_flagged(tmp_path: Path) -> None:
    came = received(a_folder(tmp_path / "in", {b"a\\b": b"", b"c\x1b\n": b""}), tmp_path / "work")
    assert came.codes == [("name-backslash", "a\\b"), ("name-control", "c%1B\n")]
    assert came.report.is_accepted


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    source = a_tar(tmp_path / "p", *(an_entry(str(n)) for n in range(10)))
    limits = UnpackLimits(max_entries=3, reserve_bytes=0)
    came = received(source, tmp_path / "work", limits=limits)
    assert came.codes == [("limit-entries", None)]
    assert len(came.files) == 3


def test_too_many_bytes_are_refused_before_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with (tmp_path / "in" / "huge").open("wb") as stream:
        stream.truncate(1 << 40)
    limits = UnpackLimits(max_bytes=1 << 30, reserve_bytes=0)
    came = received(tmp_path / "in", tmp_path / "work", limits=limits)
    assert came.codes == [("limit-bytes", "huge")]
    assert came.files == []


def test_what_does_not_fit_on_the_disk_is_no_fault_of_the_package(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    limits = UnpackLimits(reserve_bytes=1 << 60)
    with pytest.raises(NoSpace, match="reserve"):
        received(tmp_path / "file", tmp_path / "work", limits=limits)


bombs = pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])


@bombs
def test_a_compressed_bomb_is_refused(tmp_path: Path, mode: str) -> None:
    source = a_tar(tmp_path / "p", an_entry("bomb", bytes(20 << 20)), mode=mode)
    limits = UnpackLimits(max_ratio=100, reserve_bytes=0)
    came = received(source, tmp_path / "work", limits=limits)
    assert came.codes == [("limit-ratio", "bomb")]


def test_a_zip_bomb_is_refused_unread(tmp_path: Path) -> None:
    source = a_zip(tmp_path / "p", ("bomb", bytes(20 << 20)), ("good", b"x"))
    came = received(source, tmp_path / "work")
    assert came.codes == [("limit-ratio", "bomb")]
    assert came.content == {"good": b"x"}


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    source = a_zip(tmp_path / "p", ("secret", b"x"))
    data = bytearray(source.read_bytes())
    data[data.rindex(b"PK\1\2") + 8] |= 1
    source.write_bytes(data)
    assert received(source, tmp_path / "work").codes == [("entry-encrypted", "secret")]


def test_an_unknown_method_is_refused(tmp_path: Path) -> None:
    source = a_zip(tmp_path / "p", ("x", b"x"), method=zipfile.ZIP_LZMA)
    assert received(source, tmp_path / "work").codes == [("entry-method", "x")]


def test_damaged_content_of_a_zip_is_named(tmp_path: Path) -> None:
    source = a_zip(tmp_path / "p", ("x", b"content"), ("y", b"other"), method=0)
    source.write_bytes(source.read_bytes().replace(b"content", b"CONTENT"))
    came = received(source, tmp_path / "work")
    assert came.codes == [("entry-corrupt", "x")]
    assert "CRC-32" in came.report.findings[0].message


whole_packages: list[Callable[[Path], Path]] = [
    lambda file: a_tar(file, an_entry("a", b"x" * 5000), an_entry("b", b"y" * 600)),
    lambda file: a_tar(file, an_entry("a", os.urandom(5000)), mode="w:gz"),
    lambda file: a_tar(file, an_entry("a", os.urandom(5000)), mode="w:bz2"),
    lambda file: a_tar(file, an_entry("a", os.urandom(5000)), mode="w:xz"),
    lambda file: a_zip(file, ("a", os.urandom(5000))),
]


@pytest.mark.parametrize("make", whole_packages)
@pytest.mark.parametrize("kept", [0.4, 0.7, 0.9])
def test_a_truncated_archive_is_never_taken_for_a_whole_one(
    tmp_path: Path, make: Callable[[Path], Path], kept: float
) -> None:
    source = make(tmp_path / "package.tar.x")
    content = source.read_bytes().rstrip(b"\0")
    source.write_bytes(content[: int(len(content) * kept)])
    assert not received(source, tmp_path / "work").report.is_accepted


def test_a_tar_that_ends_between_two_entries_is_truncated(tmp_path: Path) -> None:
    source = a_tar(tmp_path / "p", an_entry("a", b"x" * 512), an_entry("b"))
    source.write_bytes(source.read_bytes()[:1024])
    assert received(source, tmp_path / "work").codes == [("archive-truncated", None)]


def test_a_tar_with_garbage_between_entries_is_malformed(tmp_path: Path) -> None:
    source = a_tar(tmp_path / "p", an_entry("a", b"x" * 512), an_entry("b"))
    data = bytearray(source.read_bytes())
    data[1024:1536] = b"g" * 512
    source.write_bytes(data)
    assert received(source, tmp_path / "work").codes == [("archive-malformed", None)]


def test_a_header_that_claims_gigabytes_costs_no_memory(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("x")
    entry.type, entry.size = tarfile.XHDTYPE, 8 << 30
    source = tmp_path / "p"
    source.write_bytes(entry.tobuf(tarfile.GNU_FORMAT) + bytes(2048))
    assert received(source, tmp_path / "work").codes == [("archive-malformed", None)]


def test_a_work_area_inside_the_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="inside the package"):
        received(tmp_path, tmp_path / "work")


def test_a_source_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="nothing at"):
        received(tmp_path / "gone", tmp_path / "work")


def test_a_folder_that_no_receive_made_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    precious = a_folder(tmp_path / "work" / "package", {b"precious": b"x"})
    with pytest.raises(InvalidArgument, match="no receive left"):
        received(tmp_path / "file", tmp_path / "work")
    assert (precious / "precious").exists()


spoilt = st.tuples(st.integers(0, 4), st.integers(0, 20_000), st.binary(min_size=1, max_size=8))


@given(spoilt=spoilt)
def test_no_damage_of_an_archive_makes_it_fail(
    tmp_path_factory: pytest.TempPathFactory, spoilt: tuple[int, int, bytes]
) -> None:
    which, at, noise = spoilt
    folder = tmp_path_factory.mktemp("spoilt")
    source = whole_packages[which](folder / "p")
    data = bytearray(source.read_bytes())
    data[at % len(data) : at % len(data) + len(noise)] = noise
    source.write_bytes(data)
    came = received(source, folder / "work", limits=SMALL)
    assert all(finding.code in CODES for finding in came.report.findings)
