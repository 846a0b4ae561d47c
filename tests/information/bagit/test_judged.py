"""The Library of Congress's `bagit` and we judge alike: its bags by us, ours by it, spoilt ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from muniment.information.bagit import BagRecipe, Label, create_bag, validate_bag
from tests.information.bagit.bags import Bag, a_bag, md5
from tests.judges import ask

pytestmark = pytest.mark.tool("bagit")

FILES: Mapping[str, bytes] = {
    "a.txt": b"one",
    "deep/er/b b.txt": b"two" * 50_000,
    "empty": b"",
    "Ünï/手紙.txt": b"three",
    "data/bagit.txt": b"four",
    ".hidden": b"five",
}
ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512",
              "blake2b", "blake2s")  # fmt: skip
SEVERAL = ("md5+sha256+sha512", "sha1+blake2b")


def a_folder(place: Path) -> Path:
    for name, content in FILES.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return place


def judged(folder: Path) -> dict[str, list[str]]:
    """Return what the judge finds in each bag of a folder."""
    found: dict[str, list[str]] = ask("bagit", "judge_bagit.py", "--each", folder)
    return found


def test_bags_of_the_judge_are_valid_for_us(tmp_path: Path) -> None:
    for algorithms in (*ALGORITHMS, *SEVERAL):
        a_folder(tmp_path / algorithms)
    ask("bagit", "make_bags.py", tmp_path)
    for bag in tmp_path.iterdir():
        report = validate_bag(bag, 0)
        # Its names of manifests have the underscore of Python's hashlib.
        assert {each.code for each in report.findings} <= {"manifest-name"}, bag.name
        assert len(report.algorithms) == len(bag.name.split("+"))
        assert report.values("Contact-Name") == ("Ada", "Ignace")
        assert report.values("External-Description") == ("Briefe über See",)


def test_our_bags_are_valid_for_the_judge(tmp_path: Path) -> None:
    ours = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
    source = a_folder(tmp_path / "in")
    info = (Label("Contact-Name", "Ada"), Label("Contact-Name", "Ignace"), Label("X", "ü" * 200))
    (tmp_path / "bags").mkdir()
    for algorithms in ((name,) for name in ours):
        target = tmp_path / "bags" / algorithms[0]
        create_bag(source, target, recipe=BagRecipe(algorithms, info, workers=0))
    create_bag(source, tmp_path / "bags" / "all", recipe=BagRecipe(ours, info, workers=0))
    assert judged(tmp_path / "bags") == {name: [] for name in (*ours, "all")}


Spoil = Callable[[Bag], object]


def not_fetched(bag: Bag) -> None:
    (bag.folder / "data/a.txt").unlink()
    bag.write("fetch.txt", "http://127.0.0.1:9/a 3 data/a.txt\n")


def latin_1(bag: Bag) -> None:
    bag.declare("0.97", "ISO-8859-1")
    bag.write("bag-info.txt", "A: été\n", "iso-8859-1")


def crlf(bag: Bag) -> None:
    manifest = bag.folder / "manifest-md5.txt"
    manifest.write_bytes(manifest.read_bytes().replace(b"\n", b"\r\n"))


def starred(bag: Bag) -> None:
    manifest = bag.folder / "manifest-md5.txt"
    manifest.write_text(manifest.read_text().replace("data/", "*data/"))


SPOILT: Mapping[str, Spoil] = {
    "altered": lambda bag: bag.put("data/a.txt", b"eno"),
    "longer": lambda bag: bag.put("data/a.txt", b"one more"),
    "missing": lambda bag: (bag.folder / "data/a.txt").unlink(),
    "extra": lambda bag: bag.put("data/extra", b""),
    "no data": lambda bag: (bag.folder / "data").rename(bag.folder / "content"),
    "no manifest": lambda bag: (bag.folder / "manifest-md5.txt").unlink(),
    "no bagit.txt": lambda bag: (bag.folder / "bagit.txt").unlink(),
    "bagit.txt short": lambda bag: bag.write("bagit.txt", "BagIt-Version: 1.0\n"),
    "byte order mark": lambda bag: bag.write(
        "bagit.txt", "\ufeffBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    ),
    "unknown encoding": lambda bag: bag.declare("1.0", "KLINGON"),
    "unknown version": lambda bag: bag.declare("2.0"),
    "oxum bytes": lambda bag: bag.write("bag-info.txt", "Payload-Oxum: 7.3\n"),
    "oxum files": lambda bag: bag.write("bag-info.txt", "Payload-Oxum: 6.4\n"),
    "path leaves": lambda bag: bag.append("manifest-md5.txt", f"{md5(b'')}  data/../../x\n"),
    "tag altered": lambda bag: bag.write("tagmanifest-md5.txt", f"{md5(b'')}  bagit.txt\n"),
    "tag missing": lambda bag: bag.write("tagmanifest-md5.txt", f"{md5(b'')}  gone.txt\n"),
    "not fetched": not_fetched,
}
GOOD: Mapping[str, Spoil] = {
    "version 0.93": lambda bag: bag.declare("0.93"),
    "version 0.95": lambda bag: bag.declare("0.95"),
    "version 0.97": lambda bag: bag.declare("0.97"),
    "version 1.0": lambda bag: bag.declare("1.0"),
    "starred": starred,
    "crlf": crlf,
    "folded": lambda bag: bag.write("bag-info.txt", "A: one\n two\nPayload-Oxum: 6.3\n"),
    "latin 1": latin_1,
    "fetched": lambda bag: bag.write("fetch.txt", "http://127.0.0.1:9/a 3 data/a.txt\n"),
    "other tag files": lambda bag: bag.put("metadata/dc.xml", b"<dc/>"),
    "lower and upper case": lambda bag: bag.put("README", b"x"),
}


def test_a_spoilt_bag_is_spoilt_for_both_and_a_good_one_good(tmp_path: Path) -> None:
    for name, change in {**SPOILT, **GOOD}.items():
        change(a_bag(tmp_path / name))
    theirs = {name for name, faults in judged(tmp_path).items() if faults}
    ours = {bag.name for bag in tmp_path.iterdir() if not validate_bag(bag, 0).is_valid}
    assert ours == set(SPOILT)
    assert theirs == set(SPOILT)
