"""Each rule of S01 to S14 has packages that keep it and packages that break it, to the exact code.

S15, the limits of the instance, is held where packages are unpacked and where files are fetched.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from muniment.runtime.errors import StorageUnavailable
from muniment.runtime.findings import code_table
from tests.information.cern_sip.sips import CONTENT, Sip, a_document, a_sip, an_entry

SIP_JSON, INFO, MANIFEST = "data/meta/sip.json", "bag-info.txt", "manifest-md5.txt"
A, B = "data/content/a.txt", "data/content/deep/b.txt"
ONE = hashlib.md5(b"one").hexdigest()
Change = Callable[[Sip], object]
Faults = set[tuple[str, str | None]]


def text_of(sip: Sip, name: str) -> str:
    return (sip.folder / name).read_text()


def rewrite(name: str, old: str, new: str) -> Change:
    def change(sip: Sip) -> None:
        text = text_of(sip, name)
        assert old in text
        sip.put(name, text.replace(old, new).encode())

    return change


def append(name: str, text: str) -> Change:
    return lambda sip: sip.put(name, (text_of(sip, name) + text).encode())


def put(name: str, content: bytes) -> Change:
    return lambda sip: sip.put(name, content)


def remove(name: str) -> Change:
    def change(sip: Sip) -> None:
        target = sip.folder / name
        shutil.rmtree(target) if target.is_dir() else target.unlink()

    return change


def both(*changes: Change) -> Change:
    def change(sip: Sip) -> None:
        for each in changes:
            each(sip)

    return change


def second_manifest(*paths: str) -> Change:
    def change(sip: Sip) -> None:
        lines = [
            f"{hashlib.sha1((sip.folder / path).read_bytes()).hexdigest()}  {path}\n"
            for path in paths
        ]
        sip.put("manifest-sha1.txt", "".join(lines).encode())

    return change


def tag_manifest(*names: str) -> Change:
    def change(sip: Sip) -> None:
        lines = [
            f"{hashlib.md5((sip.folder / name).read_bytes()).hexdigest()}  {name}\n"
            for name in names
        ]
        sip.put("tagmanifest-md5.txt", "".join(lines).encode())

    return change


def version(number: str) -> Change:
    return rewrite("bagit.txt", "0.97", number)


def light(sip: Sip) -> None:
    """Make it one of a dry run: a.txt is left out, fetch.txt says where it is."""
    document = a_document()
    document["audit"][0]["tool"]["params"]["dry_run"] = True
    sip.put(SIP_JSON, json.dumps(document).encode())
    sip.seal()
    (sip.folder / A).unlink()
    sip.put("fetch.txt", f"https://example.org/a.txt 3 {A}\n".encode())


URL = "https://example.org/a.txt"
GONE: Faults = {("payload-missing", A), ("S08-missing", A), ("oxum-mismatch", INFO)}

BROKEN: list[tuple[str, Change, Faults]] = [
    ("S01", remove("data/meta"), {
        ("S01", "data/meta"), ("S07-json", SIP_JSON), ("payload-missing", SIP_JSON),
        ("oxum-mismatch", INFO)}),
    ("S02", version("2.0"), {("bagit-version", "bagit.txt")}),
    ("S02", version("0.92"), {("bagit-version", "bagit.txt")}),
    ("S02", rewrite("bagit.txt", "UTF-8", "US-ASCII"), {("S02", "bagit.txt")}),
    ("S02", rewrite("bagit.txt", "BagIt", "\ufeffBagIt"), {("bagit-bom", "bagit.txt")}),
    ("S02", remove("bagit.txt"), {("bagit-missing", "bagit.txt")}),
    ("S03", remove(MANIFEST), {
        ("manifest-none", None), ("S03", None), ("payload-extra", A), ("payload-extra", B),
        ("payload-extra", SIP_JSON)}),
    ("S03", both(version("1.0"), second_manifest(A, B)), {("manifest-incomplete", SIP_JSON)}),
    ("S04", rewrite(MANIFEST, ONE, "0" * 32), {("payload-altered", A)}),
    ("S04", put(A, b"eno"), {("payload-altered", A), ("S08-digest", A)}),
    ("S04", put("data/meta/log", b"x"), {("payload-extra", "data/meta/log"),
                                         ("oxum-mismatch", INFO)}),
    ("S05", remove(A), GONE),
    ("S06", rewrite(INFO, "Payload-Oxum", "Payload-Size"), {("S06", INFO)}),
    ("S06", put(INFO, b"Payload-Oxum: 1.1\n"), {("oxum-mismatch", INFO)}),
    ("S06", put(INFO, b"Payload-Oxum: many\n"), {("oxum-malformed", INFO)}),
    ("S06", remove(INFO), {("S06", INFO)}),
    ("S09", both(put("data/content/c", b""), Sip.seal), {("S09", "data/content/c")}),
    ("S12", append(MANIFEST, f"{ONE}  /etc/passwd\n"), {("manifest-unsafe", MANIFEST)}),
    ("S12", append(MANIFEST, f"{ONE}  data/../../x\n"), {("manifest-unsafe", MANIFEST)}),
    ("S12", append(MANIFEST, f"{ONE}  data/x\0y\n"), {("manifest-unsafe", MANIFEST)}),
    ("S12", append(MANIFEST, f"{ONE}  C:/x\n"), {("manifest-unsafe", MANIFEST)}),
    ("S12", append(MANIFEST, f"{ONE}  ~root/x\n"), {("manifest-unsafe", MANIFEST)}),
    ("S12", append(MANIFEST, f"{ONE}  content/x\n"), {("manifest-outside", MANIFEST)}),
    ("S13", both(tag_manifest(INFO, MANIFEST), put(INFO, b"Payload-Oxum: 1.1\n")),
     {("tag-altered", INFO), ("oxum-mismatch", INFO)}),
    ("S13", both(tag_manifest(INFO, "bagit.txt"), append("tagmanifest-md5.txt", f"{ONE}  no\n")),
     {("tag-missing", "no")}),
    ("S14", put("fetch.txt", f"{URL} 3\n".encode()), {("fetch-line", "fetch.txt")}),
    ("S14", put("fetch.txt", f"{URL} three {A}\n".encode()), {("fetch-line", "fetch.txt")}),
    ("S14", put("fetch.txt", f"file:///etc/passwd 3 {A}\n".encode()), {("fetch-url", "fetch.txt")}),
    ("S14", put("fetch.txt", f"{URL} 3 data/../x\n".encode()), {("fetch-unsafe", "fetch.txt")}),
    ("S14", put("fetch.txt", f"{URL} 3 data/x\n".encode()), {("fetch-unlisted", "fetch.txt")}),
    ("S14", both(put("fetch.txt", f"{URL} 3 {A}\n".encode()), remove(A)), {
        ("fetch-absent", A), ("S08-missing", A)}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "change", "expected"), BROKEN)
def test_what_breaks_a_rule_is_told_to_the_letter(
    tmp_path: Path, rule: str, change: Change, expected: Faults
) -> None:
    sip = a_sip(tmp_path)
    change(sip)
    assert sip.faults() == expected, rule


KEPT: list[tuple[str, Change]] = [
    ("S02", version("0.93")),
    ("S02", version("0.96")),
    ("S02", version("1.0")),
    ("S03", both(version("1.0"), second_manifest(A, B, SIP_JSON))),
    ("S03", second_manifest(A)),
    ("S09", both(put("data/meta/bagitcreate.log", b"{}"), Sip.seal)),
    ("S13", tag_manifest("bagit.txt", INFO, MANIFEST)),
    ("S14", put("fetch.txt", f"{URL} 3 {A}\n".encode())),
    ("S14", put("fetch.txt", f"http://h:8080/a - {A}\n".encode())),
    ("S14", put("fetch.txt", f"ftp://h/a 3 {A}\n".encode())),
    ("S14", put("fetch.txt", f"root://eos.example//eos/a 3 {A}\n".encode())),
    ("S14", put("fetch.txt", f"eos://eos.example/a 3 {A}\n".encode())),
]


@pytest.mark.parametrize(("rule", "change"), KEPT)
def test_what_keeps_a_rule_is_not_faulted(tmp_path: Path, rule: str, change: Change) -> None:
    sip = a_sip(tmp_path)
    change(sip)
    assert sip.faults() == set(), rule


class TestLight:
    """A light SIP leaves out what fetch.txt lists, and nothing else."""

    def test_what_it_leaves_out_is_a_warning(self, tmp_path: Path) -> None:
        sip = a_sip(tmp_path)
        light(sip)
        found = [(f.code, f.severity, f.path) for f in sip.check().findings if f.code != "S11"]
        assert found == [("fetch-absent", "warning", A)]

    def test_its_folder_of_content_may_be_empty(self, tmp_path: Path) -> None:
        sip = a_sip(tmp_path)
        light(sip)
        (sip.folder / B).unlink()
        append("fetch.txt", f"https://example.org/b 3 {B}\n")(sip)
        assert sip.faults() == {("fetch-absent", A), ("fetch-absent", B)}

    def test_what_is_missing_beside_is_an_error(self, tmp_path: Path) -> None:
        sip = a_sip(tmp_path)
        light(sip)
        (sip.folder / B).unlink()
        assert sip.faults() == {("fetch-absent", A), ("payload-missing", B), ("S08-missing", B)}

    def test_what_was_fetched_is_held_to_sip_json(self, tmp_path: Path) -> None:
        sip = a_sip(tmp_path)
        light(sip)
        sip.put(A, b"two")
        assert sip.faults() == {("payload-altered", A), ("S08-digest", A)}

    def test_one_that_is_complete_is_like_any_other(self, tmp_path: Path) -> None:
        sip = a_sip(tmp_path)
        light(sip)
        sip.put(A, CONTENT["a.txt"])
        assert sip.faults() == set()


@pytest.mark.parametrize(
    ("source", "recid", "name"),
    [
        ("cds", "7", "sip::cds::7::1700000000"),
        ("cds", "7", "sip__cds__7__1700000000"),
        ("gitlab", "group/project", "sip::gitlab::group%2Fproject::1700000000"),
        ("zenodo", "10.5281/zenodo.7", "sip__zenodo__10.5281%2Fzenodo.7__1700000000"),
    ],
)
def test_s10_a_package_may_be_named_so(tmp_path: Path, source: str, recid: str, name: str) -> None:
    sip = a_sip(tmp_path, a_document(source=source, recid=recid))
    sip.folder.rename(tmp_path / name)
    assert Sip(tmp_path, name).faults() == set()


@pytest.mark.parametrize(
    "name", ["sip::cds::2272168::1", "sip::cds::8::1700000000", "sip-cds-2272168", "letters"]
)
def test_s10_another_name_is_a_warning(tmp_path: Path, name: str) -> None:
    sip = a_sip(tmp_path)
    sip.folder.rename(tmp_path / name)
    (finding,) = [each for each in Sip(tmp_path, name).check().findings if each.code == "S10"]
    assert (finding.severity, finding.expected, finding.found) == ("warning", sip.name, name)


@pytest.mark.parametrize(
    ("algorithms", "is_told"),
    [(["md5"], True), (["sha1"], True), (["md5", "sha1"], True), (["sha256"], False),
     (["md5", "sha512"], False)],
)  # fmt: skip
def test_s11_weak_digests_alone_are_told(
    tmp_path: Path, algorithms: list[str], is_told: bool
) -> None:
    sip = a_sip(tmp_path)
    (sip.folder / MANIFEST).unlink()
    for algorithm in algorithms:
        sip.seal(algorithm)
    assert ("S11" in {each.code for each in sip.check().findings}) is is_told


def test_s08_a_file_whose_name_was_made_safe_is_found(tmp_path: Path) -> None:
    content = {"100%/a\x01b.txt": b"one", "été.txt": b"two"}
    entries = [an_entry(path, each) for path, each in content.items()]
    sip = Sip(tmp_path)
    for path, each in content.items():
        sip.put(f"data/content/{path}", each)
    sip.put(SIP_JSON, json.dumps(a_document(contentFiles=entries)).encode())
    sip.seal()
    assert sip.faults() == set()


def test_s08_a_file_that_was_not_downloaded_is_not_looked_for(tmp_path: Path) -> None:
    lost: list[dict[str, Any]] = [
        {"bagpath": "data/content/lost", "downloaded": False, "checksum": "md5:" + "0" * 32},
        {"downloaded": False, "origin": {"url": "https://example.org/lost"}},
    ]
    entries = [an_entry(path, content) for path, content in CONTENT.items()]
    assert a_sip(tmp_path, a_document(contentFiles=[*entries, *lost])).faults() == set()


def test_a_folder_in_the_place_of_sip_json_is_told(tmp_path: Path) -> None:
    sip = a_sip(tmp_path)
    (sip.folder / SIP_JSON).unlink()
    (sip.folder / SIP_JSON).mkdir()
    (finding,) = [each for each in sip.check().findings if each.code == "S07-json"]
    assert "Is a directory" in finding.message


def test_a_sip_json_that_the_disk_does_not_give_is_no_fault_of_the_package(tmp_path: Path) -> None:
    sip = a_sip(tmp_path)
    (sip.folder / SIP_JSON).unlink()
    (sip.folder / SIP_JSON).symlink_to("/proc/self/mem")
    with pytest.raises(StorageUnavailable, match=r"cannot read data/meta/sip\.json"):
        sip.check()


def test_a_sip_json_beyond_the_ceiling_is_not_read(tmp_path: Path) -> None:
    sip = a_sip(tmp_path)
    with (sip.folder / SIP_JSON).open("wb") as stream:
        stream.truncate((256 << 20) + 1)
    (finding,) = [each for each in sip.check().findings if each.code == "S07-json"]
    assert "more than 268435456 bytes" in finding.message


def test_every_code_of_the_table_is_broken_by_some_test() -> None:
    here = Path(__file__).parent
    tests = "".join(path.read_text() for path in here.glob("test_*.py"))
    codes = {row.code for row in code_table("muniment.information.cern_sip")}
    assert {
        code for code in codes if f'("{code}", ' not in tests and f'"{code}"' not in tests
    } == set()
