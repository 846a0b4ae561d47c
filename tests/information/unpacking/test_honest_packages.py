"""What honest producers send: every form arrives byte for byte, listed with its digests."""

from __future__ import annotations

import hashlib
import os
import tarfile
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.paths import decode_name
from muniment.information.unpacking import SourceForm, UnpackReport
from tests.information.unpacking.packages import (
    a_folder,
    a_tar,
    a_zip,
    an_entry,
    received,
)

FILES = {"a.txt": b"one", "deep/er/b.bin": bytes(range(256)) * 4000, "empty": b""}

tar_forms = pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("w:", SourceForm.TAR),
        ("w:gz", SourceForm.TAR_GZ),
        ("w:bz2", SourceForm.TAR_BZ2),
        ("w:xz", SourceForm.TAR_XZ),
    ],
)
tar_formats = pytest.mark.parametrize(
    "format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]
)
zip_methods = pytest.mark.parametrize("method", [zipfile.ZIP_STORED, 8, zipfile.ZIP_BZIP2])


def test_a_folder_arrives_byte_for_byte(tmp_path: Path) -> None:
    source = a_folder(tmp_path / "in", {name.encode(): data for name, data in FILES.items()})
    came = received(source, tmp_path / "work")
    assert came.report.form is SourceForm.FOLDER
    assert came.content == FILES
    assert came.report.findings == ()


@tar_forms
@tar_formats
def test_a_tar_arrives_byte_for_byte(
    tmp_path: Path, mode: str, form: SourceForm, format_: int
) -> None:
    entries = [an_entry(name, data) for name, data in FILES.items()]
    source = a_tar(tmp_path / "package.anything", *entries, mode=mode, format_=format_)
    came = received(source, tmp_path / "work")
    assert came.report.form is form
    assert came.content == FILES
    assert came.report.findings == ()


def test_a_zstandard_tar_arrives_byte_for_byte(tmp_path: Path) -> None:
    plain = a_tar(tmp_path / "plain", *(an_entry(name, data) for name, data in FILES.items()))
    source = tmp_path / "package"
    source.write_bytes(zstandard.compress(plain.read_bytes()))
    came = received(source, tmp_path / "work")
    assert came.report.form is SourceForm.TAR_ZST
    assert came.content == FILES


@zip_methods
def test_a_zip_arrives_byte_for_byte(tmp_path: Path, method: int) -> None:
    source = a_zip(tmp_path / "package", *FILES.items(), method=method)
    came = received(source, tmp_path / "work")
    assert came.report.form is SourceForm.ZIP
    assert came.content == FILES
    assert came.report.findings == ()


def test_a_zip_written_as_a_stream_with_zip64_arrives(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "package", "w") as archive,
        archive.open("large", "w", force_zip64=True) as stream,
    ):
        stream.write(b"x" * 70_000)
    came = received(tmp_path / "package", tmp_path / "work")
    assert came.content == {"large": b"x" * 70_000}


@pytest.mark.slow
def test_a_zip_with_70000_entries_arrives(tmp_path: Path) -> None:
    source = a_zip(tmp_path / "package", *((f"{n}", b"") for n in range(70_000)), method=0)
    came = received(source, tmp_path / "work")
    assert came.report.file_count == 70_000
    assert came.report.findings == ()


def test_a_single_file_is_a_package(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_bytes(b"Dear archive")
    came = received(tmp_path / "letter.txt", tmp_path / "work")
    assert came.report.form is SourceForm.FILE
    assert came.content == {"letter.txt": b"Dear archive"}


@pytest.mark.parametrize(
    "member", ["[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "doc.kml"]
)
def test_a_document_that_is_a_zip_is_content(tmp_path: Path, member: str) -> None:
    source = a_zip(tmp_path / "document", ("other", b"x"), (member, b"x"))
    came = received(source, tmp_path / "work")
    assert came.report.form is SourceForm.FILE
    assert list(came.content) == ["document"]


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"\x1f\x8b", b"\x1f\x8b\x08\x00broken", b"BZh9", b"\x28\xb5\x2f\xfd", b"x" * 600],
)
def test_what_is_no_archive_is_content(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "package.zip").write_bytes(content)
    came = received(tmp_path / "package.zip", tmp_path / "work")
    assert came.report.form is SourceForm.FILE
    assert came.content == {"package.zip": content}


def test_sha256_and_sha512_are_always_there_and_what_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    came = received(tmp_path / "file", tmp_path / "work", algorithms=["md5"])
    assert came.files[0].digests == {
        name: hashlib.new(name, b"x").hexdigest() for name in ("md5", "sha256", "sha512")
    }


def test_the_digests_of_an_archive_are_those_of_its_content(tmp_path: Path) -> None:
    source = a_tar(tmp_path / "p", *(an_entry(name, data) for name, data in FILES.items()))
    came = received(source, tmp_path / "work")
    assert {file.path: file.digests["sha512"] for file in came.files} == {
        name: hashlib.sha512(data).hexdigest() for name, data in FILES.items()
    }


def test_times_are_kept_in_utc(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    os.utime(tmp_path / "file", (0, 1_700_000_000))
    packed = a_tar(tmp_path / "tar", an_entry("file", mtime=1_700_000_000))
    zipped = a_zip(tmp_path / "zip", (zipfile.ZipInfo("file", (2023, 11, 14, 22, 13, 20)), b""))
    came = [
        received(source, tmp_path / f"work-{number}").files[0].modified_at
        for number, source in enumerate([tmp_path / "file", packed, zipped])
    ]
    assert came == ["2023-11-14T22:13:20+00:00"] * 3


def test_empty_folders_are_reported(tmp_path: Path) -> None:
    (tmp_path / "in" / "b" / "c").mkdir(parents=True)
    (tmp_path / "in" / "a").mkdir()
    came = received(tmp_path / "in", tmp_path / "work")
    assert came.report.empty_folders == ("a", "b/c")
    assert came.files == []


def test_an_empty_package_of_each_form_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    sources = [tmp_path / "folder", a_zip(tmp_path / "zip"), a_tar(tmp_path / "tar", mode="w:gz")]
    reports = [
        received(source, tmp_path / f"work-{number}").report
        for number, source in enumerate(sources)
    ]
    assert [(report.file_count, report.findings) for report in reports] == [(0, ())] * 3


def test_hard_links_become_files(tmp_path: Path) -> None:
    source = a_tar(
        tmp_path / "p",
        an_entry("a", b"content"),
        an_entry("b", type=tarfile.LNKTYPE, linkname="a"),
    )
    came = received(source, tmp_path / "work")
    assert came.content == {"a": b"content", "b": b"content"}
    assert came.package.joinpath("a").stat().st_ino != came.package.joinpath("b").stat().st_ino


def test_symbolic_links_are_copied_where_the_pipeline_says_so(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "in", {b"d/a": b"content"})
    (folder / "first").symlink_to("second")
    (folder / "second").symlink_to("d/../d/a")
    came = received(folder, tmp_path / "work", links="copy")
    assert came.content == {"d/a": b"content", "first": b"content", "second": b"content"}
    assert came.report.findings == ()


def test_a_sparse_tar_keeps_its_holes(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as stream:
        stream.write(b"head")
        stream.truncate(8 << 20)
    os.system(f"cd {tmp_path} && tar -cSf package sparse")  # GNU tar writes it
    came = received(tmp_path / "package", tmp_path / "work")
    assert came.content == {"sparse": b"head" + bytes((8 << 20) - 4)}
    assert (came.package / "sparse").stat().st_blocks * 512 < 1 << 20


def test_receiving_again_replaces_what_an_earlier_run_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    first = received(tmp_path / "file", tmp_path / "work")
    again = received(tmp_path / "file", tmp_path / "work")
    assert (again.report, again.files) == (first.report, first.files)


def test_a_report_survives_json(tmp_path: Path) -> None:
    source = a_tar(tmp_path / "p", an_entry("../x"), an_entry("A"), an_entry("a"))
    report = received(source, tmp_path / "work").report
    assert UnpackReport.from_json(report.as_json()) == report


name_parts = st.binary(min_size=1, max_size=255).filter(
    lambda part: not {b"/"[0], 0, b"\\"[0], b":"[0]} & set(part) and part not in {b".", b".."}
)


@given(names=st.sets(name_parts, max_size=5))
def test_any_name_of_a_folder_is_kept_to_the_byte(
    tmp_path_factory: pytest.TempPathFactory, names: set[bytes]
) -> None:
    base = tmp_path_factory.mktemp("names")
    came = received(a_folder(base / "in", dict.fromkeys(names, b"x")), base / "work")
    assert {decode_name(file.original_name) for file in came.files} == names
    assert len(came.content) == len(names)
