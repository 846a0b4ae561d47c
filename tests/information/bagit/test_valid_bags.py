"""Bags that RFC 8493 and its drafts accept, in all their spellings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.information.bagit import Label
from tests.information.bagit.bags import Bag, a_bag, md5


@pytest.mark.parametrize("version", ["0.93", "0.94", "0.95", "0.96", "0.97", "1.0"])
def test_every_version_is_read(tmp_path: Path, version: str) -> None:
    report = a_bag(tmp_path / "bag", version=version).report()
    assert report.findings == ()
    assert (report.version, report.file_count, report.size_bytes) == (version, 3, 6)


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        ("md5", "md5"),
        ("sha1", "sha1"),
        ("sha224", "sha224"),
        ("sha256", "sha256"),
        ("sha384", "sha384"),
        ("sha512", "sha512"),
        ("sha3256", "sha3_256"),
        ("sha3512", "sha3_512"),
        ("blake2b512", "blake2b"),
        ("blake2b", "blake2b"),
        ("blake2s256", "blake2s"),
    ],
)
def test_every_algorithm_is_verified(tmp_path: Path, name: str, algorithm: str) -> None:
    bag = a_bag(tmp_path / "bag", algorithms=())
    for path, content in {
        "data/a.txt": b"one",
        "data/deep/b.txt": b"two",
        "data/empty": b"",
    }.items():
        bag_line = f"{hashlib.new(algorithm, content).hexdigest()} {path}\n"
        with (bag.folder / f"manifest-{name}.txt").open("a") as stream:
            stream.write(bag_line)
    assert bag.faults() == []
    bag.put("data/a.txt", b"eno")
    assert bag.faults() == [("payload-altered", "data/a.txt")]


def test_all_manifests_are_read_in_one_pass_and_reported(tmp_path: Path) -> None:
    report = a_bag(tmp_path / "bag", algorithms=("md5", "sha256", "sha512")).report()
    assert report.is_valid
    assert report.algorithms == ("md5", "sha256", "sha512")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(tmp_path: Path, end: str) -> None:
    bag = a_bag(tmp_path / "bag")
    for name in ("bagit.txt", "manifest-md5.txt"):
        text = (bag.folder / name).read_text()
        (bag.folder / name).write_bytes(text.replace("\n", end).encode())
    assert bag.faults() == []


def test_empty_lines_are_passed_over(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag")
    for name in ("manifest-md5.txt", "bag-info.txt", "fetch.txt"):
        bag.write(name, "\n")
    bag.write("manifest-md5.txt", f"\n{md5(b'one')}  data/a.txt\n\n\n")
    assert {code for code, _ in bag.faults()} == {"payload-extra"}


def test_an_empty_payload_is_valid(tmp_path: Path) -> None:
    assert a_bag(tmp_path / "bag", {}).faults() == []


def test_upper_case_digests_tabs_and_many_blanks_are_read(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag", {"a": b"x"})
    bag.write("manifest-md5.txt", f"{md5(b'x').upper()}\t \tdata/a\n")
    assert bag.faults() == []


def test_blanks_inside_and_at_the_end_of_a_name_are_kept(tmp_path: Path) -> None:
    assert a_bag(tmp_path / "bag", {"a  b ": b"x"}).faults() == []


def test_cr_lf_and_percent_are_decoded_in_1_0(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag", {"a\rb\nc%d": b"x"})
    bag.write("manifest-md5.txt", f"{md5(b'x')}  data/a%0Db%0ac%25d\n")
    assert bag.faults() == []


def test_percent_is_a_letter_before_1_0(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag", {"a%25\n": b"x"}, version="0.97")
    bag.write("manifest-md5.txt", f"{md5(b'x')}  data/a%25%0A\n")
    assert bag.faults() == []


def test_an_unencoded_percent_is_accepted_with_a_warning(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag", {"100%25": b"x"})
    assert bag.faults() == [("path-spelling", "data/100%2525")]
    assert bag.report().is_valid


def test_another_unicode_form_is_accepted_with_a_warning(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag", {"e\u0301": b"x"})
    bag.write("manifest-md5.txt", f"{md5(b'x')}  data/\u00e9\n")
    assert bag.faults() == [("path-spelling", "data/e\u0301")]
    bag.put("data/e\u0301", b"y")
    assert ("payload-altered", "data/e\u0301") in bag.faults()


def test_the_encoding_of_the_tag_files_is_the_declared_one(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag", {"é": b"x"})
    bag.declare("1.0", "ISO-8859-1")
    bag.write("manifest-md5.txt", f"{md5(b'x')}  data/é\n", "iso-8859-1")
    bag.write("bag-info.txt", "Title: été\n", "iso-8859-1")
    assert bag.faults() == []
    assert bag.report().values("Title") == ("été",)


def test_utf_16_is_an_encoding_too(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag", {"é": b"x"})
    bag.declare("1.0", "UTF-16")
    bag.write("manifest-md5.txt", f"{md5(b'x')}  data/é\n", "utf-16")
    assert bag.faults() == []


def test_metadata_keeps_order_repeats_and_continued_lines(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag")
    bag.write("bag-info.txt", "B: 1\nA: a\n  long\n\tvalue\nB: 2\nEmpty:\n")
    report = bag.report()
    assert report.is_valid
    assert report.info == (
        Label("B", "1"),
        Label("A", "a long value"),
        Label("B", "2"),
        Label("Empty", ""),
    )
    assert report.values("b") == ("1", "2")


def test_metadata_had_another_name_before_0_96(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag", version="0.95")
    bag.write("package-info.txt", "Payload-Oxum: 6.3\nContact-Name: Ada\n")
    assert bag.report().values("Contact-Name") == ("Ada",)


def test_tag_manifests_are_verified(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag", version="1.0")
    bag.put("more/notes.xml", b"<n/>")
    names = ["bagit.txt", "manifest-md5.txt", "more/notes.xml"]
    lines = [f"{md5((bag.folder / name).read_bytes())}  {name}\n" for name in names]
    bag.write("tagmanifest-md5.txt", "".join(lines))
    assert bag.faults() == []
    assert bag.report().tag_algorithms == ("md5",)


def test_one_of_several_manifests_was_enough_before_1_0(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag", version="0.97", algorithms=("md5", "sha1"))
    lines = (bag.folder / "manifest-md5.txt").read_text().splitlines(keepends=True)
    bag.write("manifest-md5.txt", "".join(lines[:1]))
    assert bag.faults() == []


tolerated = pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda bag: _prefix(bag, "*"), "manifest-star"),
        (lambda bag: _prefix(bag, "./"), "manifest-dot"),
        (lambda bag: _rename(bag, "manifest-MD5.txt"), "manifest-name"),
        (lambda bag: bag.write("bag-info.txt", "\ufeffTitle: x\n"), "tag-bom"),
        (lambda bag: bag.write("bag-info.txt", "Title : x\n"), "info-spacing"),
        (lambda bag: bag.write("bag-info.txt", "Bag-Count: 1\nBag-Count: 2\n"), "info-repeated"),
        (
            lambda bag: bag.write(
                "bagit.txt", "BagIt-Version : 0.97\nTag-File-Character-Encoding:UTF-8\n"
            ),
            "bagit-spacing",
        ),
    ],
)


def _prefix(bag: Bag, prefix: str) -> None:
    text = (bag.folder / "manifest-md5.txt").read_text()
    bag.write("manifest-md5.txt", text.replace("data/", f"{prefix}data/"))


def _rename(bag: Bag, name: str) -> None:
    (bag.folder / "manifest-md5.txt").rename(bag.folder / name)


@tolerated
def test_what_is_sloppy_but_clear_is_a_warning(
    tmp_path: Path, spoil: Callable[[Bag], None], code: str
) -> None:
    bag = a_bag(tmp_path / "bag")
    spoil(bag)
    assert {found for found, _ in bag.faults()} == {code}
    assert bag.report().is_valid
