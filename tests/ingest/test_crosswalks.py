"""A producer's MODS, EAD, DataCite or MARCXML becomes the description of the object."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import etree

from muniment.catalogue.adapters.search import search_index
from muniment.catalogue.models import DescriptiveTerm, Event
from muniment.catalogue.queries.search import search
from muniment.catalogue.services import Stated, edit_description, state_rights
from muniment.information.dublin_core import DublinCore, DublinCoreValue
from muniment.information.identifiers import ObjectId
from muniment.ingest.ending import receipt_file
from muniment.ingest.models import Submission
from muniment.ingest.package_facts import PackageFacts
from muniment.runtime.actor import SYSTEM
from muniment.storage.jobs import open_archive as archive_of_this_process
from tests.information.cern_sip.sips import CONTENT as PAPERS
from tests.information.cern_sip.sips import Sip, a_document, an_entry
from tests.information.crosswalks import examples
from tests.information.crosswalks.examples import in_mets
from tests.information.eark.builders import a_sip
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import CONTENT, a_bag, a_folder

UUID = "0190b3c4-5e6f-7a8b-9c0d-1e2f3a4b5c6e"
METS = "{http://www.loc.gov/METS/}"


def terms() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in DescriptiveTerm.objects.current().order_by("position"):
        found.setdefault(each.term, []).append(each.value)
    return found


def is_found(submission: Submission, query: str) -> bool:
    hits = search(SYSTEM, query, index=search_index()).hits
    return [hit.object_id for hit in hits] == [str(submission.object_id)]


def codes(archive: OpenArchive, submission: Submission) -> list[str]:
    receipt = json.loads(receipt_file(archive.home, submission).read_text())
    return [each["code"] for each in receipt["findings"]]


def told() -> list[str]:
    return [
        each.detail
        for each in Event.objects.filter(type="metadata extraction")
        if each.detail.startswith("description mapped")
    ]


@pytest.mark.parametrize(
    ("text", "title", "query", "form"),
    [
        (examples.MODS, "Les lettres du port: 1907 à 1912. Tome 2", "torn", "MODS"),
        (examples.EAD_2002, "Papers of the port", "title:papers", "EAD"),
        (examples.EAD_3, "Papers of the port", "lovelace", "EAD"),
        (examples.DATACITE, "Harbour letters", "scanned", "DataCite"),
        (examples.MARCXML, "Harbour letters 1907 to 1912", "switzerland", "MARCXML"),
    ],
)
def test_a_description_in_a_folder_is_mapped_and_found(
    open_archive: OpenArchive, tmp_path: Path, text: str, title: str, query: str, form: str
) -> None:
    content = {**CONTENT, "metadata/producer.xml": text.encode()}
    submission = open_archive.hand_in(a_folder(tmp_path / "a", content))
    assert submission.state == "accepted"
    assert terms()["title"] == [title]
    assert is_found(submission, query)
    assert told() == [f"description mapped from metadata/producer.xml ({form})"]
    kept = "representations/original/data/metadata/producer.xml"
    object_id = ObjectId(str(submission.object_id))
    with (
        open_archive.root.open_version(object_id) as version,
        version.open(kept) as stream,
    ):
        assert stream.read() == text.encode()


def test_what_a_bag_brings_beside_or_in_its_payload_is_mapped(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    bag = a_bag(
        tmp_path / "bag",
        {**CONTENT, "metadata/marc.xml": examples.MARCXML.encode()},
        "External-Description: Kept too\n",
    )
    a_folder(bag / "metadata", {"datacite.xml": examples.DATACITE.encode()})
    submission = open_archive.hand_in(bag)
    assert terms()["description"] == ["Scanned.", "Kept too"]
    assert terms()["contributor"] == ["Kroll, Ignace"]
    assert is_found(submission, "scanned kept")
    assert told() == [
        "description mapped from metadata/datacite.xml (DataCite), data/metadata/marc.xml (MARCXML)"
    ]


def a_described_eark_sip(place: Path, text: str, form: str) -> Path:
    """Put a description of another form where the SIP had its Dublin Core."""
    root, data = a_sip(place), text.encode()
    tree = etree.parse(root / "METS.xml")
    reference = tree.find(f".//{METS}dmdSec/{METS}mdRef")
    assert reference is not None
    (root / reference.get("{http://www.w3.org/1999/xlink}href", "")).write_bytes(data)
    reference.set("MDTYPE", form)
    reference.set("SIZE", str(len(data)))
    algorithm = reference.get("CHECKSUMTYPE", "").replace("-", "").lower()
    reference.set("CHECKSUM", hashlib.new(algorithm, data).hexdigest())
    tree.write(root / "METS.xml", xml_declaration=True, encoding="UTF-8")
    return root


@pytest.mark.parametrize(
    ("text", "form"), [(examples.MODS, "MODS"), (examples.EAD_2002, "EAD")], ids=["mods", "ead"]
)
def test_what_the_mets_of_an_eark_sip_names_is_mapped(
    open_archive: OpenArchive, tmp_path: Path, text: str, form: str
) -> None:
    submission = open_archive.hand_in(a_described_eark_sip(tmp_path / "a", text, form))
    assert submission.state == "accepted"
    assert terms()["abstract"] == ["Twelve letters of a harbour master."]
    assert is_found(submission, "lovelace")
    assert told() == [f"description mapped from metadata/descriptive/dc.xml ({form})"]


def test_what_a_cern_sip_calls_metadata_is_mapped(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    data = examples.MARCXML.encode()
    sip = Sip(tmp_path / "in")
    entries = [an_entry(path, content) for path, content in PAPERS.items()]
    entries.append(an_entry("metadata-cds-2272168.xml", data, metadata=True))
    for path, content in {**PAPERS, "metadata-cds-2272168.xml": data}.items():
        sip.put(f"data/content/{path}", content)
    sip.put("data/meta/sip.json", json.dumps(a_document(contentFiles=entries)).encode())
    sip.seal()
    submission = open_archive.hand_in(sip.root)
    assert submission.state == "accepted"
    assert terms()["title"] == ["Harbour letters 1907 to 1912"]
    assert is_found(submission, "switzerland")
    assert [each.endswith("metadata-cds-2272168.xml (MARCXML)") for each in told()] == [True]


@pytest.mark.parametrize("is_a_bag", [True, False])
def test_what_the_mets_of_archivematica_wraps_is_mapped(
    open_archive: OpenArchive, tmp_path: Path, is_a_bag: bool
) -> None:
    mets = in_mets(
        ("one", examples.MODS),
        divisions='<div><div LABEL="objects" DMDID="one"/></div>',
    )
    content: Mapping[str, bytes] = {"objects/a.txt": b"a", f"METS.{UUID}.xml": mets.encode()}
    make = a_bag if is_a_bag else a_folder
    submission = open_archive.hand_in(make(tmp_path / "aip", content))
    assert submission.state == "accepted"
    assert is_found(submission, "torn")


def test_what_somebody_typed_comes_first_term_by_term(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    content = {
        **CONTENT,
        "metadata/dc.csv": b"title,subject\nTyped,Docks\n",
        "metadata/mods.xml": examples.MODS.encode(),
    }
    open_archive.hand_in(a_folder(tmp_path / "a", content))
    assert terms()["title"] == ["Typed"]
    assert terms()["subject"] == ["Docks"]
    assert terms()["alternative"] == ["Harbour letters"]


def test_a_hostile_description_is_kept_and_told_and_refuses_nothing(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    bomb = b'<!DOCTYPE mods [<!ENTITY a "b">]><mods xmlns="http://www.loc.gov/mods/v3">&a;</mods>'
    content = {**CONTENT, "metadata/mods.xml": bomb}
    submission = open_archive.hand_in(a_folder(tmp_path / "a", content))
    assert submission.state == "accepted"
    assert codes(open_archive, submission) == ["CW01"]
    assert terms() == {"title": ["a"]}
    assert told() == []


def versions(archive: OpenArchive, place: Path, first: str, second: str) -> ObjectId:
    """Hand in a bag of one name twice, described in two ways; return the object."""
    info = "Source-Organization: Port\nExternal-Identifier: 7\n"
    for name, text in (("one", first), ("two", second)):
        content = {**CONTENT, "metadata/mods.xml": text.encode(), "n.txt": name.encode()}
        submission = archive.hand_in(a_bag(place / name / "bag", content, info))
        assert submission.state == "accepted"
    return ObjectId(str(submission.object_id))


LATER = examples.MODS.replace("lettres du port", "lettres du fleuve")


def test_a_new_version_brings_its_own_description(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    versions(open_archive, tmp_path, examples.MODS, LATER)
    assert terms()["title"] == ["Les lettres du fleuve: 1907 à 1912. Tome 2"]


def test_what_an_archivist_edited_is_not_mapped_over(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    object_id = versions(open_archive, tmp_path / "a", examples.MODS, examples.MODS)
    edit_description(
        object_id,
        DublinCore((DublinCoreValue("title", "Edited"),)),
        actor=SYSTEM,
        archive=archive_of_this_process(),
        work=open_archive.home.work / "edit",
    )
    assert versions(open_archive, tmp_path / "b", LATER, LATER) == object_id
    assert terms() == {"title": ["Edited"]}


def test_rights_that_were_stated_do_not_stop_the_mapping(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    object_id = versions(open_archive, tmp_path / "a", examples.MODS, examples.MODS)
    state_rights(
        object_id,
        [Stated(basis="statute", terms="Loi")],
        seen=2,
        actor=SYSTEM,
        archive=archive_of_this_process(),
        work=open_archive.home.work / "rights",
    )
    assert versions(open_archive, tmp_path / "b", LATER, LATER) == object_id
    assert terms()["title"] == ["Les lettres du fleuve: 1907 à 1912. Tome 2"]


def test_facts_of_before_the_crosswalks_are_read() -> None:
    kept = {
        "layout": "plain", "top": "", "name": "a", "identifiers": [], "dublin_core": [],
        "empty_folders": [],
    }  # fmt: skip
    assert PackageFacts.from_json(kept).mapped_from == ()
