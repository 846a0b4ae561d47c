"""Dublin Core: XML and CSV, in and out."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from muniment.information.dublin_core import (
    SCHEMA,
    TERMS,
    DublinCore,
    DublinCoreValue,
    read_dc_csv,
    read_dublin_core,
    render_dublin_core,
)
from muniment.runtime.errors import InvalidArgument, InvalidPackage
from tests.information.premis.strategies import xml_text
from tests.information.xml.hostile import hostile

languages = st.sampled_from(["", "en", "fr", "zh-Hant"])
values = st.builds(
    DublinCoreValue, st.sampled_from(sorted(TERMS)), xml_text.filter(str.strip), languages
)
records = st.builds(DublinCore, st.lists(values, max_size=6).map(tuple))


@given(records)
def test_a_record_comes_back_in_its_order(record: DublinCore) -> None:
    assert read_dublin_core(BytesIO(render_dublin_core(record))) == record


@given(records)
def test_our_schema_accepts_every_record(record: DublinCore) -> None:
    etree.XMLSchema(etree.fromstring(SCHEMA)).assertValid(
        etree.fromstring(render_dublin_core(record))
    )


@pytest.mark.parametrize("document", hostile("description", "urn:muniment:description:1"))
def test_hostile_documents_are_refused(document: bytes) -> None:
    with pytest.raises(InvalidPackage):
        read_dublin_core(BytesIO(document))


def test_the_forms_of_others_are_read() -> None:
    document = (
        b'<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
        b' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b'<dc:title xml:lang="fr">Lettres</dc:title><dc:creator> </dc:creator><x>no</x>'
        b"<dc:nonsense>no</dc:nonsense></oai_dc:dc>"
    )
    assert read_dublin_core(BytesIO(document)).values == (
        DublinCoreValue("title", "Lettres", "fr"),
    )


def test_xml_of_another_kind_is_refused() -> None:
    with pytest.raises(InvalidPackage, match="no element of dc or dcterms"):
        read_dublin_core(BytesIO(b"<html/>"))


def test_a_term_that_does_not_exist_is_not_written() -> None:
    with pytest.raises(InvalidArgument, match="><x"):
        render_dublin_core(DublinCore((DublinCoreValue("><x", "a"),)))


def test_values_are_found_by_term_and_language() -> None:
    record = DublinCore(
        (
            DublinCoreValue("title", "Letters", "en"),
            DublinCoreValue("title", "Lettres", "fr"),
            DublinCoreValue("creator", "Ada"),
        )
    )
    assert record.of("title") == ("Letters", "Lettres")
    assert record.first("title", "fr") == "Lettres"
    assert record.first("title", "de") == "Letters"
    assert record.first("subject") == ""
    assert list(record)[2].value == "Ada"


def test_merging_adds_what_is_new() -> None:
    one, two = DublinCoreValue("title", "a"), DublinCoreValue("title", "b")
    assert DublinCore((one,)).merged(DublinCore((one, two))) == DublinCore((one, two))


def test_an_empty_record_is_false() -> None:
    assert not DublinCore()


def read_csv(content: str | bytes) -> tuple[DublinCore, list[str]]:
    raw = content.encode() if isinstance(content, str) else content
    record, findings = read_dc_csv(BytesIO(raw))
    return record, [finding.code for finding in findings]


def test_columns_repeat_and_carry_languages() -> None:
    record, findings = read_csv("title,dc.creator,dcterms.creator,TITLE@fr\nA, Ada ,Bob,Ah\nB,,,\n")
    assert record.values == (
        DublinCoreValue("title", "A"),
        DublinCoreValue("creator", "Ada"),
        DublinCoreValue("creator", "Bob"),
        DublinCoreValue("title", "Ah", "fr"),
        DublinCoreValue("title", "B"),
    )
    assert findings == []


def test_terms_are_found_in_any_case() -> None:
    record, _ = read_csv("dc:accessrights\nopen\n")
    assert record.values == (DublinCoreValue("accessRights", "open"),)


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    assert read_csv(b"\xef\xbb\xbftitle\nA\n")[0].first("title") == "A"


def test_rows_of_single_files_are_reported() -> None:
    record, findings = read_csv("filename,title\nobjects/,All\nobjects/a.txt,One\n")
    assert (record.of("title"), findings) == (("All",), ["DC03"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "DC02"),
        (b"title\n\xff\n", "DC02"),
        (b'title\n"open\n', "DC02"),
        (b"shelfmark\n1\n", "DC01"),
        (b"title\n" + b"x" * (17 * 1024 * 1024), "DC02"),
    ],
)
def test_what_cannot_be_used_is_reported(content: bytes, code: str) -> None:
    assert read_csv(content) == (DublinCore(), [code])


@given(st.binary(max_size=300))
def test_no_bytes_make_the_csv_reader_raise(content: bytes) -> None:
    assert isinstance(read_csv(content)[0], DublinCore)


@given(st.binary(max_size=300))
def test_no_bytes_make_the_xml_reader_raise_anything_else(content: bytes) -> None:
    with suppress(InvalidPackage):
        read_dublin_core(BytesIO(content))


def test_the_schema_names_every_term(tmp_path: Path) -> None:
    (tmp_path / "dc.xsd").write_bytes(SCHEMA)
    text = etree.parse(tmp_path / "dc.xsd").findtext(".//{*}documentation") or ""
    assert [term for term in TERMS if term not in text] == []
