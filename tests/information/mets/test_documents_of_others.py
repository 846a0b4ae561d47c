"""METS as other systems write it: Archivematica, repositories, digitisation, by hand."""

from __future__ import annotations

from io import BytesIO

import pytest

from muniment.information.mets import (
    METS_NAMESPACE,
    AlternativeRecordId,
    Division,
    FileGroup,
    FilePointer,
    MetadataReference,
    MetsAgent,
    MetsFile,
    MetsHeader,
    MetsPart,
    MetsPointer,
    MetsRoot,
    SectionEnd,
    SectionStart,
    StructuralMap,
    path_of,
    read_mets,
)

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def read(inner: str, attributes: str = "") -> list[MetsPart]:
    document = f'<mets:mets xmlns:mets="{METS_NAMESPACE}" {XLINK}{attributes}>{inner}</mets:mets>'
    root, *parts = read_mets(BytesIO(document.encode()))
    assert isinstance(root, MetsRoot)
    return parts


ARCHIVEMATICA = """
<mets:metsHdr CREATEDATE="2020-01-01T00:00:00"/>
<mets:dmdSec ID="dmdSec_1"><mets:mdWrap MDTYPE="DC"><mets:xmlData>
  <dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">A</dc:title>
</mets:xmlData></mets:mdWrap></mets:dmdSec>
<mets:amdSec ID="amdSec_1">
  <mets:techMD ID="techMD_1"><mets:mdWrap MDTYPE="PREMIS:OBJECT"><mets:xmlData>
    <p:object xmlns:p="http://www.loc.gov/premis/v3"/>
  </mets:xmlData></mets:mdWrap></mets:techMD>
  <mets:digiprovMD ID="digiprovMD_1"><mets:mdWrap MDTYPE="PREMIS:EVENT"/></mets:digiprovMD>
</mets:amdSec>
<mets:amdSec ID="amdSec_2"/>
<mets:fileSec><mets:fileGrp USE="original">
  <mets:file ID="file-1" GROUPID="Group-1" ADMID="amdSec_1" DMDID="dmdSec_1">
    <mets:FLocat LOCTYPE="OTHER" OTHERLOCTYPE="SYSTEM" xlink:href="objects/a%20b.txt"/>
    <mets:transformFile TRANSFORMORDER="1" TRANSFORMTYPE="decompression"/>
  </mets:file>
</mets:fileGrp></mets:fileSec>
<mets:structMap ID="structMap_1" TYPE="physical" LABEL="Archivematica default">
  <mets:div TYPE="Directory" LABEL="objects" DMDID="dmdSec_1">
    <mets:div TYPE="Item" LABEL="a b.txt"><mets:fptr FILEID="file-1"/></mets:div>
  </mets:div>
</mets:structMap>
"""


def test_a_document_of_archivematica_is_read_part_by_part() -> None:
    assert read(ARCHIVEMATICA) == [
        MetsHeader(created_at="2020-01-01T00:00:00"),
        MetadataReference(section="dmdSec", id="dmdSec_1", is_reference=False),
        SectionStart("amdSec", "amdSec_1"),
        MetadataReference(section="techMD", id="techMD_1", is_reference=False),
        MetadataReference(section="digiprovMD", id="digiprovMD_1", is_reference=False),
        SectionEnd("amdSec"),
        SectionStart("amdSec", "amdSec_2"),
        SectionEnd("amdSec"),
        SectionStart("fileSec", ""),
        FileGroup(id="", use="original"),
        MetsFile(
            id="file-1",
            href="objects/a%20b.txt",
            locator_type="OTHER",
            administrative_ids=("amdSec_1",),
            descriptive_ids=("dmdSec_1",),
        ),
        SectionEnd("fileGrp"),
        SectionEnd("fileSec"),
        StructuralMap(id="structMap_1", type="physical", label="Archivematica default"),
        Division(id="", type="Directory", label="objects", descriptive_ids=("dmdSec_1",)),
        Division(id="", type="Item", label="a b.txt", depth=1),
        FilePointer("file-1", 1),
        SectionEnd("div"),
        SectionEnd("div"),
        SectionEnd("structMap"),
    ]


def test_who_made_it_is_read_with_every_role() -> None:
    (header,) = read(
        '<mets:metsHdr CREATEDATE="1" LASTMODDATE="2" RECORDSTATUS="final">'
        '<mets:agent ROLE="OTHER" OTHERROLE="SCANNER" TYPE="OTHER" OTHERTYPE="MACHINE">'
        "<mets:name> Ada &amp; sons </mets:name><mets:note>one</mets:note><mets:note/></mets:agent>"
        '<mets:agent ROLE="CREATOR"/>'
        '<mets:altRecordID TYPE="SHELFMARK">X 7</mets:altRecordID>'
        "<mets:metsDocumentID>m.xml</mets:metsDocumentID></mets:metsHdr>"
    )
    assert header == MetsHeader(
        created_at="1",
        modified_at="2",
        record_status="final",
        agents=(
            MetsAgent(
                role="OTHER",
                other_role="SCANNER",
                type="OTHER",
                other_type="MACHINE",
                name=" Ada & sons ",
                notes=(("one", ""), ("", "")),
            ),
            MetsAgent(role="CREATOR", type=""),
        ),
        alternative_ids=(AlternativeRecordId("X 7", "SHELFMARK"),),
    )


def test_the_attributes_of_the_root_are_read() -> None:
    document = (
        f'<mets xmlns="{METS_NAMESPACE}" OBJID="o" LABEL="l" TYPE="Mixed" PROFILE="p"'
        ' xmlns:csip="https://DILCIS.eu/XML/METS/CSIPExtensionMETS" csip:OTHERTYPE="t"'
        ' csip:CONTENTINFORMATIONTYPE="OTHER" csip:OTHERCONTENTINFORMATIONTYPE="c"/>'
    )
    assert list(read_mets(BytesIO(document.encode()))) == [
        MetsRoot(
            object_id="o",
            label="l",
            type="Mixed",
            other_type="t",
            content_information_type="OTHER",
            other_content_information_type="c",
            profile="p",
        )
    ]


def test_files_inside_files_are_each_told() -> None:
    """A container and what is in it (METS 1.12, file/file)."""
    inner = '<mets:file ID="b"><mets:FLocat xlink:href="b"/></mets:file>'
    parts = read(
        f'<mets:fileSec><mets:fileGrp><mets:file ID="a"><mets:FLocat xlink:href="a"/>{inner}'
        "</mets:file></mets:fileGrp></mets:fileSec>"
    )
    files = [(each.id, each.href) for each in parts if isinstance(each, MetsFile)]
    assert files == [("b", "b"), ("a", "a")]


def test_mets_inside_of_metadata_is_no_part_of_the_document() -> None:
    inner = f"<mets:mets><mets:metsHdr CREATEDATE='x'/>{ARCHIVEMATICA}</mets:mets>"
    (section,) = read(
        f'<mets:dmdSec ID="d"><mets:mdWrap><mets:xmlData>{inner}</mets:xmlData></mets:mdWrap>'
        '<mets:mdRef xlink:href="a"/></mets:dmdSec>'
    )
    assert section == MetadataReference(section="dmdSec", id="d", href="a")


def test_a_file_that_is_wrapped_has_no_place() -> None:
    parts = read(
        '<mets:fileSec><mets:fileGrp><mets:file ID="a" SIZE="7"><mets:FContent><mets:binData>AA=='
        "</mets:binData></mets:FContent></mets:file></mets:fileGrp></mets:fileSec>"
    )
    (file,) = [each for each in parts if isinstance(each, MetsFile)]
    assert (file.href, file.size_bytes, file.locator_count) == ("", 7, 0)


def test_pointers_are_those_of_the_division_that_is_open() -> None:
    parts = read(
        '<mets:structMap><mets:div><mets:mptr xlink:href="a" xlink:title="t" LOCTYPE="URL"/>'
        '<mets:div><mets:fptr FILEID="x"><mets:area FILEID="y"/></mets:fptr></mets:div>'
        '<mets:fptr FILEID="z"/></mets:div></mets:structMap>'
    )
    assert [each for each in parts if isinstance(each, MetsPointer | FilePointer)] == [
        MetsPointer(href="a", title="t", locator_type="URL", depth=0),
        FilePointer("x", 1),
        FilePointer("z", 0),
    ]


@pytest.mark.parametrize("section", ["structLink", "behaviorSec", "extension"])
def test_sections_that_we_do_not_need_are_passed_over(section: str) -> None:
    inner = '<mets:smLink xlink:from="a" xlink:to="b"/>'
    assert read(f"<mets:{section}>{inner}</mets:{section}>") == []


def test_several_references_of_one_section_are_the_first() -> None:
    references = "".join(f'<mets:mdRef xlink:href="{each}" SIZE="1"/>' for each in "ab")
    (section,) = read(f'<mets:dmdSec ID="d" STATUS="CURRENT">{references}</mets:dmdSec>')
    assert isinstance(section, MetadataReference)
    assert (section.href, section.size_bytes, section.status) == ("a", 1, "CURRENT")


def test_elements_of_other_namespaces_are_not_taken_for_ours() -> None:
    foreign = '<x:file xmlns:x="urn:x" ID="a"/><file ID="b"/>'
    parts = read(f"<mets:fileSec><mets:fileGrp>{foreign}</mets:fileGrp></mets:fileSec>")
    assert not [each for each in parts if isinstance(each, MetsFile)]


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("objects/a%20b.txt", "objects/a b.txt"),
        ("objects/a b.txt", "objects/a b.txt"),
        ("file:///objects/a", "objects/a"),
        ("file://./objects/a", "objects/a"),
        ("./././objects/a", "objects/a"),
        ("objects/100%", "objects/100%"),
        ("objects/%zz", "objects/%zz"),
        ("FILE:objects/a", "objects/a"),
        ("C:/objects/a", None),
        ("\\\\server\\share", "\\\\server\\share"),
    ],
)
def test_places_as_others_write_them(href: str, path: str | None) -> None:
    assert path_of(href) == path
