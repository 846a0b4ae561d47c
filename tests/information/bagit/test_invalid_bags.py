"""Every fault of a bag has its code and path, and none hides another."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.bagit import validate_bag
from muniment.information.bagit.declaration import CODES
from muniment.information.bagit.validation import check_listed
from muniment.information.listing import ListedFile
from tests.information.bagit.bags import Bag, a_bag, md5

ONE = md5(b"one")


@pytest.fixture
def bag(tmp_path: Path) -> Bag:
    return a_bag(tmp_path / "bag")


def test_an_altered_a_missing_and_an_extra_file_are_all_named(bag: Bag) -> None:
    bag.put("data/a.txt", b"eno")
    (bag.folder / "data/deep/b.txt").unlink()
    bag.put("data/extra", b"")
    assert set(bag.faults()) == {
        ("payload-altered", "data/a.txt"),
        ("payload-missing", "data/deep/b.txt"),
        ("payload-extra", "data/extra"),
    }


def test_an_altered_file_says_what_was_expected_and_found(bag: Bag) -> None:
    bag.put("data/a.txt", b"eno")
    (finding,) = bag.report().findings
    assert (finding.expected, finding.found) == (ONE, md5(b"eno"))
    assert finding.params == {"algorithm": "md5"}


def test_each_manifest_is_complete_from_1_0_on(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag", algorithms=("md5", "sha1"))
    lines = (bag.folder / "manifest-md5.txt").read_text().splitlines(keepends=True)
    bag.write("manifest-md5.txt", "".join(lines[1:]))
    assert bag.faults() == [("manifest-incomplete", "data/a.txt")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bagit-malformed"),
        ("BagIt-Version: 1.0\n", "bagit-malformed"),
        ("Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n", "bagit-malformed"),
        ("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nMore: x\n", "bagit-malformed"),
        ("BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n", "bagit-version"),
        ("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-1\n", "bagit-encoding"),
        ("\ufeffBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "bagit-bom"),
        ("BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n", "bagit-spacing"),
        ("BagIt-Version: 1.0\nTag-File-Character-Encoding:UTF-8\n", "bagit-spacing"),
    ],
)
def test_a_bad_declaration_is_told_and_the_rest_still_checked(
    bag: Bag, text: str, code: str
) -> None:
    bag.write("bagit.txt", text)
    bag.put("data/a.txt", b"eno")
    assert bag.faults() == [(code, "bagit.txt"), ("payload-altered", "data/a.txt")]


def test_a_declaration_that_is_not_utf8_is_malformed(bag: Bag) -> None:
    (bag.folder / "bagit.txt").write_bytes(b"\xff\xfe")
    assert bag.faults() == [("bagit-malformed", "bagit.txt")]


def test_a_folder_without_anything_of_a_bag(tmp_path: Path) -> None:
    assert Bag(tmp_path).faults() == [
        ("bagit-missing", "bagit.txt"),
        ("data-missing", "data"),
        ("manifest-none", None),
    ]


manifest_lines = pytest.mark.parametrize(
    ("line", "code"),
    [
        (ONE, "manifest-line"),
        ("data/a.txt", "manifest-line"),
        ("zz data/a.txt", "manifest-digest"),
        (f"{ONE}00 data/a.txt", "manifest-digest"),
        (f"{ONE} a.txt", "manifest-outside"),
        (f"{ONE} data/../../etc/passwd", "manifest-unsafe"),
        (f"{ONE} /etc/passwd", "manifest-unsafe"),
        (f"{ONE} ~root/x", "manifest-unsafe"),
        (f"{ONE} C:\\x", "manifest-unsafe"),
        (f"{ONE} data/x\0y", "manifest-unsafe"),
        (f"{ONE} data/a.txt", "manifest-twice"),
    ],
)


@manifest_lines
def test_a_bad_line_of_a_manifest_is_named(bag: Bag, line: str, code: str) -> None:
    bag.append("manifest-md5.txt", f"{line}\n")
    assert bag.faults() == [(code, "manifest-md5.txt")]


def test_a_line_that_is_no_utf8_is_told_and_its_file_still_found(bag: Bag) -> None:
    bag.put("data/\udcff", b"one")
    with (bag.folder / "manifest-md5.txt").open("ab") as stream:
        stream.write(ONE.encode() + b"  data/\xff\n")
    assert bag.faults() == [("tag-encoding", "manifest-md5.txt")]


def test_a_path_twice_with_two_digests_is_an_error_in_every_version(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag", version="0.97")
    bag.append("manifest-md5.txt", f"{ONE}  data/a.txt\n")
    assert bag.report().is_valid
    bag.append("manifest-md5.txt", f"{md5(b'')}  data/a.txt\n")
    assert not bag.report().is_valid


def test_an_unknown_algorithm_is_told(bag: Bag) -> None:
    bag.write("manifest-crc7.txt", "00  data/a.txt\n")
    assert bag.faults() == [("manifest-algorithm", "manifest-crc7.txt")]


@pytest.mark.parametrize(
    ("info", "code"),
    [
        ("Payload-Oxum: 7.3\n", "oxum-mismatch"),
        ("Payload-Oxum: 6.4\n", "oxum-mismatch"),
        ("Payload-Oxum: six\n", "oxum-malformed"),
        ("no colon\n", "info-malformed"),
    ],
)
def test_bad_metadata_is_named(bag: Bag, info: str, code: str) -> None:
    bag.write("bag-info.txt", info)
    assert bag.faults() == [(code, "bag-info.txt")]


def test_a_wrong_oxum_says_what_was_counted(bag: Bag) -> None:
    bag.write("bag-info.txt", "Payload-Oxum: 7.3\n")
    (finding,) = bag.report().findings
    assert (finding.expected, finding.found) == ("7.3", "6.3")


def test_a_quick_check_reads_nothing_of_a_bag_with_a_wrong_oxum(bag: Bag) -> None:
    bag.write("bag-info.txt", "Payload-Oxum: 7.3\n")
    bag.put("data/a.txt", b"eno")
    report = validate_bag(bag.folder, 0, quick=True)
    assert [finding.code for finding in report.findings] == ["oxum-mismatch"]


def test_a_quick_check_of_a_good_list_reads_everything(bag: Bag) -> None:
    bag.put("data/a.txt", b"eno")
    report = validate_bag(bag.folder, 0, quick=True)
    assert [finding.code for finding in report.findings] == ["payload-altered"]


def test_tag_manifests_are_held_to_their_rules(bag: Bag) -> None:
    bag.write(
        "tagmanifest-md5.txt",
        f"{ONE}  bagit.txt\n{ONE}  gone.txt\n{ONE}  data/a.txt\n{ONE}  tagmanifest-md5.txt\n",
    )
    assert set(bag.faults()) == {
        ("tagmanifest-payload", "tagmanifest-md5.txt"),
        ("tagmanifest-incomplete", "manifest-md5.txt"),
        ("tag-altered", "bagit.txt"),
        ("tag-missing", "gone.txt"),
    }


def test_what_was_not_sent_is_reported_and_never_fetched(bag: Bag) -> None:
    (bag.folder / "data/a.txt").unlink()
    bag.write("fetch.txt", "http://127.0.0.1:9/a.txt 3 data/a.txt\n")
    report = bag.report()
    assert [(found.code, found.path) for found in report.findings] == [
        ("fetch-absent", "data/a.txt")
    ]
    assert [(item.url, item.size_bytes, item.key) for item in report.fetch] == [
        ("http://127.0.0.1:9/a.txt", 3, "data/a.txt")
    ]


def test_what_is_listed_for_fetching_and_there_is_fine(bag: Bag) -> None:
    bag.write("fetch.txt", "https://example.org/a - data/a.txt\n")
    assert bag.faults() == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("https://example.org/a data/a.txt", "fetch-line"),
        ("https://example.org/a x data/a.txt", "fetch-line"),
        ("file:///etc/passwd - data/a.txt", "fetch-url"),
        ("https://example.org/a - data/../a.txt", "fetch-unsafe"),
        ("https://example.org/a - bagit.txt", "fetch-unsafe"),
        ("https://example.org/a - data/other", "fetch-unlisted"),
    ],
)
def test_a_bad_line_of_fetch_txt_is_named(bag: Bag, line: str, code: str) -> None:
    bag.write("fetch.txt", f"{line}\n")
    assert bag.faults() == [(code, "fetch.txt")]


def test_links_and_special_files_are_faults(bag: Bag) -> None:
    (bag.folder / "data" / "link").symlink_to("/etc/passwd")
    os.mkfifo(bag.folder / "data" / "fifo")
    assert set(bag.faults()) == {("file-special", "data/link"), ("file-special", "data/fifo")}


def test_a_listing_with_digests_is_checked_without_reading(bag: Bag) -> None:
    files = [
        ListedFile("data/a.txt", "data/a.txt", 3, {"md5": ONE}, None),
        ListedFile("data/deep/b.txt", "data/deep/b.txt", 3, {"md5": ONE}, None),
        ListedFile("data/empty", "data/empty", 0, {}, None),
    ]
    report = check_listed(bag.folder, files)
    assert [(found.code, found.path) for found in report.findings] == [
        ("payload-altered", "data/deep/b.txt")
    ]


def test_a_bag_in_a_top_folder_is_checked_from_the_listing_of_the_root(bag: Bag) -> None:
    files = [
        ListedFile(f"bag/data/{name}", f"bag/data/{name}", size, {}, None)
        for name, size in [("a.txt", 3), ("deep/b.txt", 3)]
    ]
    report = check_listed(bag.folder.parent, files, base="bag")
    assert [(found.code, found.path) for found in report.findings] == [
        ("payload-missing", "data/empty")
    ]
    assert (report.file_count, report.size_bytes) == (2, 6)


tag_files = st.sampled_from(
    ["bagit.txt", "bag-info.txt", "manifest-md5.txt", "tagmanifest-md5.txt", "fetch.txt"]
)


@given(name=tag_files, content=st.binary(max_size=300))
def test_no_tag_file_can_make_it_fail(
    tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes
) -> None:
    bag = a_bag(tmp_path_factory.mktemp("any") / "bag")
    bag.put(name, content)
    assert all(finding.code in CODES for finding in bag.report().findings)
