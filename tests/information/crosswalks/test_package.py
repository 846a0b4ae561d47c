"""The descriptions of a package, put together."""

from __future__ import annotations

from pathlib import Path

from muniment.information.crosswalks import Crosswalk, map_documents
from tests.information.crosswalks import examples
from tests.information.crosswalks.examples import in_mets

TITLE = '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>{}</title></titleInfo></mods>'
DC = (
    '<dublincore xmlns="http://purl.org/dc/terms/"><title xmlns="http://purl.org/dc/terms/"'
    ">In Dublin Core</title></dublincore>"
)


def crosswalk(place: Path, **documents: str | bytes) -> Crosswalk:
    for name, content in documents.items():
        data = content if isinstance(content, bytes) else content.encode()
        (place / f"{name}.xml").write_bytes(data)
    return map_documents(place, [f"{name}.xml" for name in documents])


def test_descriptions_in_several_forms_are_put_together(tmp_path: Path) -> None:
    found = crosswalk(tmp_path, a=examples.MODS, b=examples.DATACITE)
    assert found.record.of("issued") == ("1913",)
    assert found.record.of("rightsHolder") == ("Port Museum",)
    assert found.sources == ("a.xml (MODS)", "b.xml (DataCite)")
    assert found.findings == ()


def test_of_several_records_in_one_form_none_is_taken(tmp_path: Path) -> None:
    found = crosswalk(tmp_path, a=examples.MODS, b=examples.MODS, c=examples.EAD_3)
    assert found.sources == ("c.xml (EAD)",)
    assert [(each.code, each.path) for each in found.findings] == [("CW02", "a.xml")]


def test_a_collection_of_several_records_is_not_taken(tmp_path: Path) -> None:
    one = examples.MARCXML
    start, end = one.index("<marc:record>"), one.index("</marc:collection>")
    found = crosswalk(tmp_path, a=one[:end] + one[start:])
    assert (found.record.values, [each.code for each in found.findings]) == ((), ["CW02"])


def test_a_collection_of_one_mods_is_that_one(tmp_path: Path) -> None:
    space = "http://www.loc.gov/mods/v3"
    text = f'<modsCollection xmlns="{space}">{TITLE.format("One")}</modsCollection>'
    assert crosswalk(tmp_path, a=text).record.of("title") == ("One",)


def test_what_cannot_be_read_stays_as_sent_with_a_warning(tmp_path: Path) -> None:
    found = crosswalk(tmp_path, a=examples.MODS[:-5], b=examples.EAD_3)
    assert found.sources == ("b.xml (EAD)",)
    (finding,) = found.findings
    assert (finding.code, finding.severity, finding.path) == ("CW01", "warning", "a.xml")
    assert "not well-formed" in finding.message


def test_a_large_document_of_another_kind_is_not_read(tmp_path: Path) -> None:
    found = crosswalk(tmp_path, a=b"<html>" + b"x" * 20_000_000, b=b"\x00\x01", c=b"")
    assert found == Crosswalk()


def test_a_description_above_the_limit_is_told(tmp_path: Path) -> None:
    note = f"<note>{'x' * 9_000_000}</note>"
    found = crosswalk(tmp_path, a=examples.MODS.replace("</mods>", f"{note}{note}</mods>"))
    assert [each.code for each in found.findings] == ["CW01"]


def test_a_document_without_anything_to_map_is_no_source(tmp_path: Path) -> None:
    assert crosswalk(tmp_path, a=TITLE.format(" ")) == Crosswalk()


def test_what_a_mets_wraps_for_the_whole_is_taken(tmp_path: Path) -> None:
    mets = in_mets(
        ("whole", TITLE.format("The whole")),
        ("part", TITLE.format("A part")),
        divisions='<div DMDID="whole"><div DMDID="part" LABEL="page"/></div>',
    )
    found = crosswalk(tmp_path, a=mets)
    assert found.record.of("title") == ("The whole",)
    assert found.sources == ("a.xml (MODS)",)


def test_archivematica_gives_it_to_the_folder_objects(tmp_path: Path) -> None:
    mets = in_mets(
        ("one", DC),
        ("two", TITLE.format("A part")),
        divisions='<div><div LABEL="objects" DMDID="one"><div DMDID="two"/></div></div>',
    )
    found = crosswalk(tmp_path, a=mets)
    assert found.record.of("title") == ("In Dublin Core",)
    assert found.sources == ("a.xml (Dublin Core)",)


def test_a_mets_that_describes_nothing_whole_is_no_source(tmp_path: Path) -> None:
    mets = in_mets(("one", TITLE.format("A part")), divisions="<div><div DMDID='one'/></div>")
    assert crosswalk(tmp_path, a=mets) == Crosswalk()


def test_a_mets_that_breaks_off_is_told(tmp_path: Path) -> None:
    mets = in_mets(("one", TITLE.format("A part")), divisions="<div DMDID='one'/>")
    assert [each.code for each in crosswalk(tmp_path, a=mets[:-9]).findings] == ["CW01"]
