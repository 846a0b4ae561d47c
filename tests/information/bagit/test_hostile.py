"""Tag files that mean harm: whatever they hold, the report is a list of findings, and JSON."""

from __future__ import annotations

import os
from encodings.aliases import aliases
from pathlib import Path

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from muniment.information.bagit import BagReport, validate_bag
from muniment.information.bagit.declaration import CODES
from tests.information.bagit.bags import Bag, a_bag, md5

DIGEST = md5(b"one")
NO_TEXT = ("base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib")
NO_CHARSET = ("idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape")


def codes_of(report: BagReport) -> set[str]:
    """Return the codes of a report that can be printed and kept."""
    kept = orjson.dumps([finding.as_json() for finding in report.findings])
    assert len(orjson.loads(kept)) == len(report.findings)
    codes = {finding.code for finding in report.findings}
    assert all(code in CODES for code in codes)
    return codes


def declaring(folder: Path, encoding: str, info: bytes = b"") -> Bag:
    bag = a_bag(folder)
    text = f"BagIt-Version: 1.0\nTag-File-Character-Encoding: {encoding}\n"
    bag.put("bagit.txt", text.encode())
    bag.put("bag-info.txt", info)
    return bag


@pytest.mark.parametrize("encoding", [*NO_TEXT, *NO_CHARSET, "klingon", "../x", "a\0b", "mbcs"])
def test_an_encoding_that_is_none_is_told(tmp_path: Path, encoding: str) -> None:
    bag = declaring(tmp_path / "bag", encoding)
    assert bag.faults() == [("bagit-encoding", "bagit.txt")]


@given(
    encoding=st.sampled_from(sorted({*aliases, *aliases.values()})) | st.text(max_size=12),
    info=st.binary(max_size=40),
)
@example("utf-16", b"odd")
@example("utf-32", b"\0\0\0")
@example("utf-7", b"+")
@example("hz", b"~{\xff")
@example("iso2022_jp", b"\x1b$")
def test_any_encoding_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, encoding: str, info: bytes
) -> None:
    bag = declaring(tmp_path_factory.mktemp("any") / "bag", encoding, b"A: " + info)
    codes_of(bag.report())


pieces = st.sampled_from(
    [DIGEST, DIGEST.upper(), DIGEST[:-1], "zz", "*", "./", "../", "..", "/", "~", "data", "data/",
     "data/a.txt", "%0A", "%0d", "%25", "%", "C:\\", "\\", " ", "  ", "\t", "\r", "\n", "\x85",
     "\u2028", "\0", "\ufeff", "\x1f", ":", "-", "3", "http://", "http://h/", "ftp://h/p", "é",
     "e\u0301", "\U0001f600", "Payload-Oxum", "Payload-Oxum: 1.1", "Bag-Count: 1"]
)  # fmt: skip
texts = st.lists(pieces | st.text(max_size=3), max_size=30).map("".join)
tag_files = st.sampled_from(
    ["bagit.txt", "bag-info.txt", "manifest-md5.txt", "tagmanifest-md5.txt", "fetch.txt",
     "manifest-sha256.txt", "package-info.txt"]
)  # fmt: skip


@given(
    version=st.sampled_from(["0.93", "0.97", "1.0"]),
    files=st.dictionaries(tag_files, texts, min_size=1, max_size=4),
)
def test_words_of_the_trade_in_any_order_are_findings_at_most(
    tmp_path_factory: pytest.TempPathFactory, version: str, files: dict[str, str]
) -> None:
    bag = a_bag(tmp_path_factory.mktemp("any") / "bag", version=version)
    for name, text in files.items():
        bag.put(name, text.encode("utf-8", "surrogateescape"))
    codes_of(bag.report())


@pytest.mark.parametrize(
    "name",
    [b"manifest-\xff.txt", b"tagmanifest-\x1b[2J.txt", b"manifest-.txt", b"MANIFEST-MD5.TXT",
     b"manifest-" + b"x" * 200 + b".txt", b"manifest-\xc3\xa9.txt"],
)  # fmt: skip
def test_manifests_with_odd_names_are_told(tmp_path: Path, name: bytes) -> None:
    bag = a_bag(tmp_path / "bag")
    Path(os.fsdecode(os.fsencode(bag.folder) + b"/" + name)).write_text(f"{DIGEST}  data/a.txt\n")
    assert codes_of(bag.report()) <= {"manifest-algorithm", "manifest-name", "manifest-incomplete"}


def test_a_line_without_an_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag")
    bag.put("bag-info.txt", b"A: " + b"x" * 300_000)
    (label, *rest) = bag.report().info
    assert (label.label, len(label.value)) == ("A", 65_533)
    assert rest == []


@pytest.mark.parametrize("name", ["bagit.txt", "bag-info.txt", "manifest-md5.txt", "fetch.txt"])
def test_a_tag_file_that_the_disk_does_not_give_is_unreadable(tmp_path: Path, name: str) -> None:
    """/proc/self/mem is a regular file whose first byte nobody can read."""
    bag = a_bag(tmp_path / "bag")
    (bag.folder / name).unlink(missing_ok=True)
    (bag.folder / name).symlink_to("/proc/self/mem")
    assert ("tag-unreadable", name) in bag.faults()


def test_a_tag_file_that_ends_in_the_middle_of_a_character_is_unreadable(tmp_path: Path) -> None:
    bag = declaring(tmp_path / "bag", "UTF-16", b"\xff\xfeA\0:\0 \0x\0\x00")
    bag.put("manifest-md5.txt", (bag.folder / "manifest-md5.txt").read_text().encode("utf-16"))
    assert bag.faults() == [("tag-encoding", "bag-info.txt")]


@pytest.mark.parametrize("name", ["bagit.txt", "bag-info.txt", "manifest-md5.txt", "data"])
def test_folders_and_files_in_each_others_places_are_told(tmp_path: Path, name: str) -> None:
    bag = a_bag(tmp_path / "bag", {})
    if name == "data":
        (bag.folder / name).rmdir()
        (bag.folder / name).write_bytes(b"")
    else:
        (bag.folder / name).unlink(missing_ok=True)
        (bag.folder / name).mkdir()
    expected = {"bagit.txt": "bagit-missing", "manifest-md5.txt": "manifest-none"}
    wanted = {"data": "data-missing", **expected}.get(name)
    assert [code for code, _ in bag.faults()] == ([wanted] if wanted else [])


def test_many_faults_are_all_told(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag")
    bag.write("manifest-md5.txt", "".join(f"{DIGEST}  data/{n}\n" for n in range(5000)))
    found = [finding.code for finding in validate_bag(bag.folder, 0).findings]
    assert (found.count("payload-missing"), found.count("payload-extra")) == (5000, 3)
