"""Reading as a stream gives what reading the whole tree gives, and holds next to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from itertools import islice
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.xml import Node, local_name, own_text, read_document, stream_elements
from muniment.runtime.errors import InvalidPackage

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]))


def trees(names: str = "abc") -> st.SearchStrategy[ElementTree.Element]:
    """Elements named a, b and c with texts, tails and attributes; no a in an a."""

    def an_element(
        name: str, text: str, children: list[ElementTree.Element], tails: list[str]
    ) -> ElementTree.Element:
        element = ElementTree.Element(name, n=text)
        element.text = text
        element.extend(children)
        for child, tail in zip(children, tails, strict=False):
            child.tail = tail
        return element

    leaves = st.builds(an_element, st.sampled_from(names), texts, st.just([]), st.just([]))
    return st.recursive(
        leaves,
        lambda inner: st.builds(
            an_element,
            st.sampled_from("bc"),
            texts,
            st.lists(inner, max_size=4),
            st.lists(texts, max_size=4),
        ),
        max_leaves=12,
    )


def rooted(tree: ElementTree.Element) -> ElementTree.Element:
    root = ElementTree.Element("r")
    root.append(tree)
    return root


@given(tree=trees(), encoding=st.sampled_from(["utf-8", "utf-16", "us-ascii"]))
def test_every_wanted_element_comes_in_order_and_no_other(
    tree: ElementTree.Element, encoding: str
) -> None:
    root = rooted(tree)
    document = ElementTree.tostring(root, encoding, xml_declaration=True)
    found = [
        (element.get("n"), own_text(element))
        for _, element in stream_elements(BytesIO(document), ["a"], document="x")
    ]
    again = ElementTree.fromstring(document)  # white space is normalised by every parser
    assert found == [(each.get("n"), each.text or "") for each in again.iter("a")]


@given(tree=trees(), at=st.integers(0, 10_000), noise=st.binary(max_size=6))
def test_no_damage_makes_it_raise_anything_else(
    tree: ElementTree.Element, at: int, noise: bytes
) -> None:
    document = ElementTree.tostring(rooted(tree))
    place = at % len(document)
    damaged = document[:place] + noise + document[place + len(noise) :]
    with suppress(InvalidPackage):
        for _ in stream_elements(BytesIO(damaged), ["a"], document="x", starts=True):
            pass


def elements_alive(document: bytes) -> Iterator[int]:
    """Count the elements of the tree at every five hundredth `a`."""
    found = stream_elements(BytesIO(document), ["a"], document="x")
    for _, element in islice(found, 0, None, 500):
        yield sum(1 for _ in element.getroottree().iter())


@pytest.mark.parametrize(
    "repeated",
    [
        b"<a><b/><b/></a>",
        b"<g><a/></g>",
        b"<g><g><b/><a/></g><b/></g>",
        b"<b>junk</b><a/>text",
        b"<g/><g><b/></g><a/>",
    ],
)
def test_what_has_ended_is_dropped_at_every_level(repeated: bytes) -> None:
    document = b"<r>" + repeated * 20_000 + b"</r>"
    alive = list(elements_alive(document))
    assert len(alive) == 40
    assert max(alive) < 12_000  # lxml itself reads some kilobytes ahead


def test_the_start_of_a_container_comes_before_its_content() -> None:
    document = b"<r><g n='1'><a/><a/></g><g n='2'/></r>"
    events = [
        (event, element.tag, element.get("n"))
        for event, element in stream_elements(
            BytesIO(document), ["g", "a"], document="x", starts=True
        )
    ]
    assert events == [
        ("start", "g", "1"),
        ("start", "a", None),
        ("end", "a", None),
        ("start", "a", None),
        ("end", "a", None),
        ("end", "g", "1"),
        ("start", "g", "2"),
        ("end", "g", "2"),
    ]


def test_a_document_without_what_is_wanted_is_read_to_its_end() -> None:
    assert list(stream_elements(BytesIO(b"<r><b/></r>"), ["a"], document="x")) == []
    with pytest.raises(InvalidPackage):
        list(stream_elements(BytesIO(b"<r><b/>"), ["a"], document="x"))


def test_comments_and_instructions_are_no_children() -> None:
    root = read_document(BytesIO(b"<r>1<!-- c -->2<?p i?>3<a/></r>"), document="x")
    assert (root.text, [local_name(child.tag) for child in root]) == ("123", ["a"])


def test_a_node_passes_over_what_has_no_name() -> None:
    from lxml import etree

    node = Node(etree.fromstring("<r><!-- c --><a>1</a></r>"))
    assert node.texts("a") == ("1",)
    assert local_name(node.element[0].tag) == ""


def test_white_space_of_a_text_is_kept() -> None:
    assert own_text(read_document(BytesIO(b"<r> a\n</r>"), document="x")) == " a\n"
    assert own_text(read_document(BytesIO(b"<r/>"), document="x")) == ""
