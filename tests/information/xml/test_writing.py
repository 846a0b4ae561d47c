"""Building XML as text: whatever goes in, well-formed XML comes out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from muniment.information.xml import attributes, branch, escape, leaf, leaves
from tests.information.premis.strategies import xml_text

any_text = st.text(st.characters())


@given(xml_text)
def test_text_comes_back(text: str) -> None:
    assert (etree.fromstring(leaf("a", text)).text or "") == text


@given(xml_text.filter(bool))
def test_attributes_come_back(text: str) -> None:
    assert etree.fromstring(f"<a{attributes({'b': text})}/>").get("b") == text


@given(any_text)
def test_any_text_makes_well_formed_xml(text: str) -> None:
    element = etree.fromstring(f"<a{attributes({'b': text})}>{escape(text)}</a>".encode())
    assert len(element.text or "") == len(text)


def test_what_xml_forbids_becomes_a_replacement_character() -> None:
    assert escape("a\0\x1b\ufffe\udc80b") == "a\ufffd\ufffd\ufffd\ufffdb"


def test_a_line_end_is_written_as_a_reference() -> None:
    assert escape("a\r\n\tb") == "a&#13;&#10;&#9;b"


def test_a_branch_without_content_is_nothing() -> None:
    assert branch("a") == branch("a", "") == ""
    assert branch("a", leaf("b", "1"), *[leaves("c", ["2", "3"])]) == (
        "<a><b>1</b><c>2</c><c>3</c></a>"
    )


def test_empty_attributes_are_left_out() -> None:
    assert attributes({"a": "", "b": "1"}) == ' b="1"'
