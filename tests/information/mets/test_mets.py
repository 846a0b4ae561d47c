"""METS: what is written is read back; others' documents and hostile ones are read or refused."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.mets import (
    METS_NAMESPACE,
    Division,
    FileGroup,
    MetadataReference,
    MetsFile,
    MetsPart,
    MetsWriter,
    SectionEnd,
    read_mets,
)
from muniment.runtime.errors import InvalidPackage
from tests.information.mets.strategies import documents
from tests.information.xml.hostile import hostile


def read(document: bytes) -> list[MetsPart]:
    return list(read_mets(BytesIO(document), document="m.xml"))


def in_mets(inner: str) -> bytes:
    xlink = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<m:mets xmlns:m="{METS_NAMESPACE}" {xlink}>{inner}</m:mets>'.encode()


@given(documents())
def test_parts_come_back_as_they_were_written(parts: list[MetsPart]) -> None:
    sink = BytesIO()
    with MetsWriter(sink) as writer:
        writer.write_all(parts)
    assert read(sink.getvalue()) == parts


@pytest.mark.parametrize("document", hostile("mets", METS_NAMESPACE))
def test_hostile_documents_are_refused(document: bytes) -> None:
    with pytest.raises(InvalidPackage) as caught:
        read(document)
    assert caught.value.findings[0].path == "m.xml"


@given(st.binary(max_size=200))
def test_no_content_makes_it_raise_anything_else(content: bytes) -> None:
    with suppress(InvalidPackage):
        read(in_mets("") + content)


def test_metadata_inside_is_reported_and_not_read() -> None:
    document = in_mets(
        "<m:dmdSec ID='d'><m:mdWrap MDTYPE='DC'><m:xmlData><x/></m:xmlData></m:mdWrap></m:dmdSec>"
    )
    assert read(document)[1] == MetadataReference(section="dmdSec", id="d", is_reference=False)


def test_groups_and_divisions_know_how_deep_they_are() -> None:
    document = in_mets(
        "<m:fileSec><m:fileGrp ID='a'><m:fileGrp ID='b'/></m:fileGrp>"
        "<m:fileGrp ID='c'/></m:fileSec>"
        "<m:structMap><m:div ID='d'><m:div ID='e'/><m:div ID='f'/></m:div></m:structMap>"
    )
    depths = [
        (part.id, part.depth) for part in read(document) if isinstance(part, FileGroup | Division)
    ]
    assert depths == [("a", 0), ("b", 1), ("c", 0), ("d", 0), ("e", 1), ("f", 1)]


@pytest.mark.parametrize("size", ["", "-1", "x", "1e3", "9" * 40, "\N{ARABIC-INDIC DIGIT ONE}"])
def test_a_size_that_is_no_number_of_bytes_is_none(size: str) -> None:
    document = in_mets(
        f"<m:fileSec><m:fileGrp><m:file ID='f' SIZE='{size}'/></m:fileGrp></m:fileSec>"
    )
    file = next(part for part in read(document) if isinstance(part, MetsFile))
    assert file.size_bytes is None


def test_a_file_with_several_locators_says_so() -> None:
    locators = "<m:FLocat xlink:href='a'/><m:FLocat xlink:href='b'/>"
    document = in_mets(f"<m:fileSec><m:fileGrp><m:file>{locators}</m:file></m:fileGrp></m:fileSec>")
    file = next(part for part in read(document) if isinstance(part, MetsFile))
    assert (file.href, file.locator_count) == ("a", 2)


def test_a_document_that_failed_half_way_is_not_closed() -> None:
    sink = BytesIO()
    with pytest.raises(KeyError), MetsWriter(sink) as writer:
        writer.write("no part")  # type: ignore[arg-type]  # that is the fault
    assert b"</mets>" not in sink.getvalue()


def test_what_holds_others_ends() -> None:
    ends = [part.name for part in read(in_mets("<m:amdSec/>")) if isinstance(part, SectionEnd)]
    assert ends == ["amdSec"]
