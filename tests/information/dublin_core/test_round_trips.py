"""What a spreadsheet or an XML file says of a package arrives, whatever its words are."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import orjson
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
from tests.information.xml.forbidden import FORBIDDEN

anything = st.text(st.characters() | st.sampled_from('\0\x0b\t\r\n",;\ufffe\ud800 '), max_size=20)
cells = (
    st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('",;\r\n \t'), max_size=20)
    .map(str.strip)
    .filter(bool)
)
terms = st.sampled_from(sorted(TERMS))
languages = st.sampled_from(["", "en", "fr-CH", "zh-Hant"])
values = st.builds(DublinCoreValue, terms, cells, languages)
prefixes = st.sampled_from(["", "dc.", "dc:", "dcterms.", "DCTERMS:".lower()])


def spreadsheet(rows: list[list[str]], end: str = "\r\n") -> BytesIO:
    text = StringIO(newline="")
    csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    return BytesIO(text.getvalue().encode())


def column_of(value: DublinCoreValue, prefix: str) -> str:
    return f"{prefix}{value.term}{'@' if value.language else ''}{value.language}"


@given(st.lists(values, min_size=1, max_size=6), prefixes)
def test_a_row_of_values_comes_back(record: list[DublinCoreValue], prefix: str) -> None:
    rows = [[column_of(each, prefix) for each in record], [each.value for each in record]]
    assert read_dc_csv(spreadsheet(rows)) == (DublinCore(tuple(record)), [])


@given(st.lists(values, min_size=1, max_size=4))
def test_a_value_in_each_row_comes_back(record: list[DublinCoreValue]) -> None:
    """One column for each term and language, one row for each value: a diagonal."""
    header = [column_of(each, "") for each in record]
    diagonal = [["" if at != row else each.value for at, each in enumerate(record)]
                for row in range(len(record))]  # fmt: skip
    assert read_dc_csv(spreadsheet([header, *diagonal])) == (DublinCore(tuple(record)), [])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_end_as_every_program_ends_them(end: str) -> None:
    rows = [["title", "creator"], ["A\nB", "Ada"]]
    record, _ = read_dc_csv(spreadsheet(rows, end))
    assert record.values == (DublinCoreValue("title", "A\nB"), DublinCoreValue("creator", "Ada"))


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_what_is_said_of_a_spreadsheet_can_be_kept(content: bytes) -> None:
    _, findings = read_dc_csv(BytesIO(b"title,filename,\xc3\xa9\n" + content))
    assert orjson.dumps([each.as_json() for each in findings])


def test_a_cell_beyond_what_csv_takes_is_told() -> None:
    _, findings = read_dc_csv(BytesIO(b"title\n" + b"x" * 200_000))
    assert [each.code for each in findings] == ["DC02"]


@given(term=terms, value=anything, language=anything)
def test_what_xml_forbids_is_marked_and_the_schema_content(
    term: str, value: str, language: str
) -> None:
    language = "" if FORBIDDEN.search(language) or not language.isalpha() else "en"
    rendered = render_dublin_core(DublinCore((DublinCoreValue(term, value, language),)))
    etree.XMLSchema(etree.fromstring(SCHEMA)).assertValid(etree.fromstring(rendered))
    kept = FORBIDDEN.sub("\ufffd", value)
    expected = (DublinCoreValue(term, kept, language),) if kept.strip() else ()
    assert read_dublin_core(BytesIO(rendered)).values == expected
