"""No document of others makes a crosswalk do anything but map, pass over or refuse it."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.crosswalks import Form, read_descriptions, table_of
from muniment.information.dublin_core import TERMS, DublinCore, render_dublin_core
from muniment.runtime.errors import InvalidPackage
from tests.information.crosswalks import examples
from tests.information.premis.strategies import xml_text
from tests.information.xml.hostile import hostile

ROOTS = {
    Form.MODS: ("mods", "http://www.loc.gov/mods/v3"),
    Form.EAD: ("ead", "urn:isbn:1-931666-22-9"),
    Form.DATACITE: ("resource", "http://datacite.org/schema/kernel-4"),
    Form.MARCXML: ("record", "http://www.loc.gov/MARC21/slim"),
}
words = xml_text.map(lambda text: " ".join(text.split())).filter(bool)


def record_of(document: str) -> DublinCore:
    (found,) = read_descriptions(BytesIO(document.encode()), document="a.xml")
    return found.record


@pytest.mark.parametrize("form", ROOTS)
def test_hostile_documents_are_refused_or_say_nothing(form: Form) -> None:
    for parameters in hostile(*ROOTS[form]):
        (document,) = parameters.values
        assert isinstance(document, bytes)
        with suppress(InvalidPackage):
            found = list(read_descriptions(BytesIO(document), document="a.xml"))
            assert not any(each.record for each in found), parameters.id


@pytest.mark.parametrize("form", ROOTS)
def test_a_document_type_refuses_the_document(form: Form) -> None:
    name, space = ROOTS[form]
    document = f'<!DOCTYPE {name} SYSTEM "x.dtd"><{name} xmlns="{space}"/>'
    with pytest.raises(InvalidPackage, match="document type"):
        list(read_descriptions(BytesIO(document.encode()), document="a.xml"))


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    with suppress(InvalidPackage):
        list(read_descriptions(BytesIO(content), document="a.xml"))


names = sorted(
    {
        name
        for form in ROOTS
        for source, _ in table_of(form)
        for name in source.partition(",")[0].split("/")
        if name.isalpha()
    }
    | {"datafield", "subfield", "controlfield", "leader", "namePart", "roleTerm", "part", "head"}
)
attributes = st.dictionaries(
    st.sampled_from(["type", "tag", "code", "ind2", "point", "lang", "titleType", "invalid"]),
    st.sampled_from(["", "host", "245", "024", "a", "2", "4", "start", "end", "fre", "yes"])
    | words,
    max_size=3,
)


def element(name: str, said: dict[str, str], content: str) -> str:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in said.items())
    return f"<{name}{written}>{content}</{name}>"


trees = st.recursive(
    words.map(escape),
    lambda inner: st.builds(
        element, st.sampled_from(names), attributes, st.lists(inner, max_size=4).map("".join)
    ),
    max_leaves=20,
)


@given(st.sampled_from(sorted(ROOTS)), st.lists(trees, max_size=5).map("".join))
def test_any_order_of_elements_gives_terms_that_can_be_written(form: Form, content: str) -> None:
    name, space = ROOTS[form]
    record = record_of(f'<{name} xmlns="{space}">{content}</{name}>')
    assert all(each.term in TERMS and each.value.strip() for each in record)
    assert render_dublin_core(record)


PLACES = {
    Form.MODS: "<titleInfo lang='en'><title>%s</title></titleInfo>",
    Form.EAD: "<archdesc><did><unittitle lang='en'>%s</unittitle></did></archdesc>",
    Form.DATACITE: "<titles><title xml:lang='en'>%s</title></titles>",
}


@given(st.sampled_from(sorted(PLACES)), st.lists(words, min_size=1, max_size=4, unique=True))
def test_every_title_comes_back_in_its_order(form: Form, titles: list[str]) -> None:
    name, space = ROOTS[form]
    content = "".join(PLACES[form] % escape(f"{title}.") for title in titles)
    record = record_of(f'<{name} xmlns="{space}">{content}</{name}>')
    assert record.of("title") == tuple(f"{title}." for title in titles)
    assert {each.language for each in record} == {"en"}


@given(st.lists(words, min_size=1, max_size=4, unique=True))
def test_every_subject_of_marc_comes_back_in_its_order(subjects: list[str]) -> None:
    fields = "".join(
        f'<datafield tag="653"><subfield code="a">{escape(each)}.</subfield></datafield>'
        for each in subjects
    )
    record = record_of(f'<record xmlns="http://www.loc.gov/MARC21/slim">{fields}</record>')
    assert record.of("subject") == tuple(f"{each}." for each in subjects)


@pytest.mark.parametrize("form", ROOTS)
def test_every_row_of_the_table_has_a_term(form: Form) -> None:
    rows = list(table_of(form))
    assert rows
    assert {term for _, term in rows} <= TERMS
    assert all(source for source, _ in rows)


def test_a_language_that_is_none_is_not_written() -> None:
    text = examples.DATACITE.replace('xml:lang="en"', 'xml:lang="not a tag!"')
    assert record_of(text).values[0].language == ""
