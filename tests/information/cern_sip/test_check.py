"""The rules S01 to S15 of a CERN SIP, and what real packages are forgiven."""

from __future__ import annotations

import hashlib
import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.premis import Identifier
from tests.information.cern_sip.sips import CONTENT, a_document, a_sip, an_entry

SIP_JSON = "data/meta/sip.json"
A = "data/content/a.txt"


def entries(**replaced: Any) -> list[dict[str, Any]]:  # noqa: ANN401  # any JSON
    """The content files, the first one with other members; `...` leaves one out."""
    first, second = (an_entry(path, content) for path, content in CONTENT.items())
    return [
        {name: value for name, value in {**first, **replaced}.items() if value is not ...},
        second,
    ]


def test_a_good_package_names_its_object(tmp_path: Path) -> None:
    report = a_sip(tmp_path, a_document(title="Minutes")).check()
    assert [finding.code for finding in report.findings] == ["S11"]
    assert report.identifiers == (Identifier("cern-sip:cds", "2272168"),)
    assert report.dublin_core.of("title") == ("Minutes",)


def test_strong_digests_need_no_addition(tmp_path: Path) -> None:
    assert a_sip(tmp_path, algorithm="sha512").check().findings == ()


@pytest.mark.parametrize(
    "document",
    [
        a_document(recid=..., resource_id="2272168"),
        a_document(contentFiles=..., files=entries()),
        a_document(sip_creation_timestamp=...),
        a_document(contentFiles=entries(size=...)),
        a_document(contentFiles=entries(size="3")),
        a_document(contentFiles=entries(size=0)),
        a_document(contentFiles=entries(origin=...)),
        a_document(contentFiles=entries(checksum=...)),
        a_document(contentFiles=entries(checksum=["MD5:" + hashlib.md5(b"one").hexdigest()])),
        a_document(contentFiles=entries(checksum="adler32:02910143")),
        a_document(
            contentFiles=entries(origin={"url": ["https://a.example", "https://b.example"]})
        ),
        a_document(contentFiles=[*entries(), {"bagpath": SIP_JSON, "size": 1, "metadata": True}]),
        a_document(contentFiles=[*entries(), {"downloaded": False, "origin": {}}]),
        a_document(**{"usr-meta": {"collection": "x", "embargo_timestamp": 1, "comment": "y"}}),
    ],
)
def test_what_real_packages_do_is_accepted(tmp_path: Path, document: object) -> None:
    sip = a_sip(tmp_path, document)
    assert sip.faults() == set()
    assert sip.check().identifiers == (Identifier("cern-sip:cds", "2272168"),)


def test_s01_each_missing_folder_is_named(tmp_path: Path) -> None:
    sip = a_sip(tmp_path)
    shutil.rmtree(sip.folder / "data" / "content")
    assert {("S01", "data/content")} <= sip.faults()
    shutil.rmtree(sip.folder / "data" / "meta")
    assert {("S01", "data/content"), ("S01", "data/meta")} <= sip.faults()


def test_s02_tag_files_are_utf8(tmp_path: Path) -> None:
    sip = a_sip(tmp_path)
    sip.put("bagit.txt", b"BagIt-Version: 0.97\nTag-File-Character-Encoding: ISO-8859-1\n")
    assert sip.faults() == {("S02", "bagit.txt")}


def test_s03_one_of_four_algorithms_is_needed(tmp_path: Path) -> None:
    assert ("S03", None) in a_sip(tmp_path, algorithm="sha384").faults()


def test_s04_an_altered_file_is_an_error(tmp_path: Path) -> None:
    sip = a_sip(tmp_path)
    sip.put(A, b"eno")
    assert sip.faults() == {("payload-altered", A), ("S08-digest", A)}


def test_s05_files_outside_the_manifests_and_missing_ones_are_errors(tmp_path: Path) -> None:
    sip = a_sip(tmp_path)
    sip.put("data/content/c.txt", b"")
    (sip.folder / A).unlink()
    assert sip.faults() == {
        ("payload-extra", "data/content/c.txt"),
        ("S09", "data/content/c.txt"),
        ("payload-missing", A),
        ("S08-missing", A),
        ("oxum-mismatch", "bag-info.txt"),
    }


def test_s06_payload_oxum_is_required(tmp_path: Path) -> None:
    sip = a_sip(tmp_path)
    sip.put("bag-info.txt", b"")
    assert sip.faults() == {("S06", "bag-info.txt")}


@pytest.mark.parametrize(
    "raw", [b"", b"\xff", b"{", b"[" * 100_000, b'{"source": "\\ud800"}', b"nonsense"]
)
def test_s07_a_sip_json_that_cannot_be_read_is_an_error(tmp_path: Path, raw: bytes) -> None:
    assert a_sip(tmp_path, raw).faults() == {("S07-json", SIP_JSON)}


broken = pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ([], ""),
        (a_document(source=...), "/source"),
        (a_document(source="a/b"), "/source"),
        (a_document(source=""), "/source"),
        (a_document(recid=...), "/recid"),
        (a_document(recid="x" * 501), "/recid"),
        (a_document(created_by=...), "/created_by"),
        (a_document(sip_creation_timestamp="x"), "/sip_creation_timestamp"),
        (a_document(audit=[]), "/audit"),
        (a_document(audit=[{"tool": {"name": "x"}}]), "/audit/0/tool"),
        (a_document(contentFiles=...), "/contentFiles"),
        (a_document(files="x"), "/files"),
        (a_document(contentFiles=entries(bagpath=...)), "/contentFiles/0/bagpath"),
        (a_document(contentFiles=entries(bagpath="data/../x")), "/contentFiles/0/bagpath"),
        (a_document(contentFiles=entries(bagpath="/etc/passwd")), "/contentFiles/0/bagpath"),
        (a_document(contentFiles=entries(size=-1)), "/contentFiles/0/size"),
        (a_document(contentFiles=entries(size=True)), "/contentFiles/0/size"),
        (a_document(contentFiles=entries(size="many")), "/contentFiles/0/size"),
        (a_document(contentFiles=entries(checksum="md5:00")), "/contentFiles/0/checksum"),
        (a_document(contentFiles=entries(checksum="crc7:00")), "/contentFiles/0/checksum"),
        (a_document(contentFiles=entries(origin="x")), "/contentFiles/0/origin"),
        (a_document(contentFiles=["x"]), "/contentFiles/0"),
        (a_document(contentFiles=entries(origin={"url": 7})), "/contentFiles/0/origin/url"),
        (a_document(contentFiles=entries(downloaded=0)), "/contentFiles/0/downloaded"),
        (a_document(contentFiles=entries(metadata="no")), "/contentFiles/0/metadata"),
        (a_document(contentFiles=entries(checksum=" md5:" + "0" * 32)), "/contentFiles/0/checksum"),
        (a_document(resource_id=True), "/resource_id"),
        (a_document(sip_creation_timestamp=1.5), "/sip_creation_timestamp"),
        (a_document(audit=[{"tool": {"name": "x", "version": 1}}]), "/audit/0/action"),
        (a_document(audit=[{"tool": {"name": "x", "version": 1}}]), "/audit/0/timestamp"),
        (a_document(**{"usr-meta": []}), "/usr-meta"),
        (a_document(**{"usr-meta": {"collection": 7}}), "/usr-meta/collection"),
        (a_document(**{"usr-meta": {"embargo_timestamp": "x"}}), "/usr-meta/embargo_timestamp"),
    ],
)


@broken
def test_s07_every_rule_of_the_schema_is_held(
    tmp_path: Path, document: object, pointer: str
) -> None:
    report = a_sip(tmp_path, document).check()
    assert pointer in [each.pointer for each in report.findings if each.code == "S07-schema"]
    assert report.manifest is None


def test_s07_an_unknown_member_is_told(tmp_path: Path) -> None:
    assert a_sip(tmp_path, a_document(extra=1)).faults() == {("S07-unknown", SIP_JSON)}


@pytest.mark.parametrize(
    ("replaced", "code"),
    [
        ({"size": 4}, "S08-size"),
        ({"checksum": "md5:" + "0" * 32}, "S08-digest"),
        ({"checksum": ["sha512:" + "0" * 128, "adler32:02910143"]}, "S08-digest"),
        ({"checksum": "adler32:00000000"}, "S08-digest"),
    ],
)
def test_s08_what_sip_json_says_of_a_file_is_checked(
    tmp_path: Path, replaced: dict[str, Any], code: str
) -> None:
    sip = a_sip(tmp_path, a_document(contentFiles=entries(**replaced)))
    assert sip.faults() == {(code, A)}


def test_s09_a_file_that_sip_json_does_not_describe_is_a_warning(tmp_path: Path) -> None:
    sip = a_sip(tmp_path, a_document(contentFiles=entries()[1:]))
    assert sip.faults() == {("S09", A)}


def test_s10_the_name_agrees_with_sip_json(tmp_path: Path) -> None:
    sip = a_sip(tmp_path, a_document(recid="1"))
    assert sip.faults() == {("S10", sip.name)}


def test_s14_a_light_sip_may_leave_out_what_fetch_txt_lists(tmp_path: Path) -> None:
    audit = a_document()["audit"]
    audit[0]["tool"]["params"]["dry_run"] = True
    sip = a_sip(tmp_path, a_document(audit=audit))
    (sip.folder / A).unlink()
    sip.put("fetch.txt", f"https://example.org/a.txt 3 {A}\n".encode())
    report = sip.check()
    assert [(each.code, each.severity) for each in report.findings if each.path == A] == [
        ("fetch-absent", "warning")
    ]


def test_s14_another_sip_may_not(tmp_path: Path) -> None:
    sip = a_sip(tmp_path)
    (sip.folder / A).unlink()
    sip.put("fetch.txt", f"https://example.org/a.txt 3 {A}\n".encode())
    assert sip.faults() == {("fetch-absent", A), ("S08-missing", A)}


def test_a_description_is_taken_from_dc_xml(tmp_path: Path) -> None:
    sip = a_sip(tmp_path)
    dc = b'<dc xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Minutes</dc:title></dc>'
    sip.put("data/meta/dc.xml", dc)
    sip.seal()
    assert sip.check().dublin_core.of("title") == ("Minutes",)


def test_a_hostile_dc_xml_is_a_finding(tmp_path: Path) -> None:
    sip = a_sip(tmp_path)
    sip.put("data/meta/dc.xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>')
    sip.seal()
    assert len(sip.faults()) == 1


@pytest.mark.parametrize("name", ["muniment-sip-1.json", "bag-profile.json"])
def test_the_published_documents_are_json(name: str) -> None:
    text = resources.files("muniment.information.cern_sip").joinpath(name).read_text()
    assert isinstance(json.loads(text), dict)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)
members = st.sampled_from([*a_document(), "files", "resource_id", "usr-meta", "title"])


@given(replaced=st.dictionaries(members, json_values, max_size=3))
def test_no_sip_json_makes_the_check_fail(
    tmp_path_factory: pytest.TempPathFactory, replaced: dict[str, Any]
) -> None:
    sip = a_sip(tmp_path_factory.mktemp("sip"), a_document(**replaced))
    assert all(finding.message for finding in sip.check().findings)
