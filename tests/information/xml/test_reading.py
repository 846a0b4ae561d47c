"""Reading XML that nobody vouches for."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.xml import Node, read_document, stream_elements
from muniment.information.xml.reading import ELEMENT_LIMIT
from muniment.runtime.errors import InvalidPackage
from tests.information.xml.hostile import hostile


def refusal_of(document: bytes) -> str:
    with pytest.raises(InvalidPackage) as caught:
        list(stream_elements(BytesIO(document), ["{u:x}a"], document="x.xml"))
    return caught.value.findings[0].code


class Endless:
    """A root that goes on and on and never has an element that anybody takes."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1, /) -> bytes:
        self.given += size
        return b"<a xmlns='u:y'>" if self.given == size else b"<b></b>" * (size // 7)


def test_elements_come_in_document_order_with_their_content() -> None:
    document = b"<r xmlns='u:x'><a>1</a><b/><a><c/></a></r>"
    found = [
        (event, element.text, len(element))
        for event, element in stream_elements(BytesIO(document), ["{u:x}a"], document="x")
    ]
    assert found == [("end", "1", 0), ("end", None, 1)]


def test_starts_have_their_attributes() -> None:
    document = b"<r xmlns='u:x' n='1'><a/></r>"
    stream = stream_elements(BytesIO(document), ["{u:x}r"], document="x", starts=True)
    assert next((event, element.get("n")) for event, element in stream) == ("start", "1")


def test_elements_that_were_taken_are_forgotten() -> None:
    document = b"<r xmlns='u:x'>" + b"<a>text</a>" * 20_000 + b"</r>"
    sizes = {
        len(element.getparent())
        for _, element in stream_elements(BytesIO(document), ["{u:x}a"], document="x")
    }
    assert max(sizes) < 5_000


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"", "XML01"),
        (b"<a", "XML01"),
        (b"<!DOCTYPE a><a xmlns='u:x'/>", "XML02"),
        (b"<!DOCTYPE a SYSTEM 'x.dtd'><b/>", "XML02"),
    ],
)
def test_a_fault_has_its_code(document: bytes, code: str) -> None:
    assert refusal_of(document) == code


@pytest.mark.parametrize("document", hostile("r", "u:x"))
def test_hostile_documents_are_refused_or_have_nothing_to_take(document: bytes) -> None:
    with suppress(InvalidPackage):
        assert list(stream_elements(BytesIO(document), ["{u:x}a"], document="x")) == []


def test_a_document_that_never_ends_is_given_up() -> None:
    endless = Endless()
    with pytest.raises(InvalidPackage) as caught:
        list(stream_elements(endless, ["{u:x}a"], document="x"))
    assert caught.value.findings[0].code == "XML03"
    assert endless.given < 2 * ELEMENT_LIMIT


def test_a_small_document_over_its_limit_is_refused() -> None:
    with pytest.raises(InvalidPackage) as caught:
        read_document(BytesIO(b"<a>" + b" " * 100 + b"</a>"), document="x", limit=50)
    assert caught.value.findings[0].code == "XML03"


def test_xinclude_is_not_followed() -> None:
    document = (
        b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/hostname"/></a>'
    )
    assert len(read_document(BytesIO(document), document="x")[0]) == 0


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise_anything_else(content: bytes) -> None:
    with suppress(InvalidPackage):
        read_document(BytesIO(content), document="x")


def test_a_node_groups_children_by_local_name() -> None:
    document = b"<r xmlns:p='u:p'><p:a>1</p:a><a>2</a><b><c>3</c></b><e/></r>"
    node = Node(read_document(BytesIO(document), document="x"))
    inner = node.first("b")
    assert node.texts("a") == ("1", "2")
    assert node.text("e") == node.text("none") == ""
    assert inner is not None
    assert inner.text("c") == "3"
    assert node.first("none") is None
    assert [each.element.text for each in node.each("a")] == ["1", "2"]
    assert node.texts("none") == ()


def test_an_element_inside_another_of_its_kind_is_a_part_of_it() -> None:
    """Else it would be taken twice, and what stands before it would be gone from the outer one."""
    document = b"<r><a><x>1</x><b/><x>2</x></a><b/></r>"
    found = [
        (element.tag, [child.tag for child in element])
        for _, element in stream_elements(BytesIO(document), ["a", "b"], document="d")
    ]
    assert found == [("a", ["x", "b", "x"]), ("b", [])]
