"""Reading PREMIS of others, and documents that are broken or meant to hurt."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.premis import (
    PREMIS_NAMESPACE,
    Event,
    File,
    Fixity,
    Format,
    Identifier,
    PremisWriter,
    Representation,
    RightsGranted,
    RightsStatement,
    read_premis,
    uuid_identifier,
)
from muniment.information.premis.writer import FOOTER, HEADER
from muniment.runtime.errors import InvalidArgument, InvalidPackage
from tests.information.xml.hostile import hostile

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
OURS = HEADER.encode()
A_FILE = File(identifiers=(uuid_identifier("f"),), formats=(Format(name="text"),), size_bytes=1)
AN_EVENT = Event(identifier=uuid_identifier("e"), event_type="validation", occurred_at="2026")


def read(document: bytes) -> list[object]:
    return list(read_premis(BytesIO(document), document="p.xml"))


def refusal_of(document: bytes) -> str:
    with pytest.raises(InvalidPackage) as caught:
        read(document)
    assert caught.value.findings[0].path == "p.xml"
    return caught.value.findings[0].code


def test_premis_2_and_prefixes_of_others_are_read() -> None:
    document = f"""<?xml version="1.0"?>
    <premis:premis xmlns:premis="info:lc/xmlns/premis-v2" {XSI} version="2.2">
      <premis:object xsi:type="premis:file">
        <premis:objectIdentifier>
          <premis:objectIdentifierType>UUID</premis:objectIdentifierType>
          <premis:objectIdentifierValue>1</premis:objectIdentifierValue>
        </premis:objectIdentifier>
        <premis:objectCharacteristics>
          <premis:fixity>
            <premis:messageDigestAlgorithm>sha256</premis:messageDigestAlgorithm>
            <premis:messageDigest>ab</premis:messageDigest>
          </premis:fixity>
          <premis:size> 7 </premis:size>
          <premis:format>
            <premis:formatRegistry>
              <premis:formatRegistryName>PRONOM</premis:formatRegistryName>
              <premis:formatRegistryKey>fmt/18</premis:formatRegistryKey>
            </premis:formatRegistry>
          </premis:format>
          <premis:objectCharacteristicsExtension><other/></premis:objectCharacteristicsExtension>
        </premis:objectCharacteristics>
      </premis:object>
      <premis:object xsi:type="premis:bitstream"/>
      <premis:event>
        <premis:eventIdentifier>
          <premis:eventIdentifierType>UUID</premis:eventIdentifierType>
          <premis:eventIdentifierValue>2</premis:eventIdentifierValue>
        </premis:eventIdentifier>
        <premis:eventType>ingestion</premis:eventType>
        <premis:eventDateTime>2012</premis:eventDateTime>
        <premis:eventDetail>by hand</premis:eventDetail>
      </premis:event>
    </premis:premis>"""
    file, event = read(document.encode())
    assert file == File(
        identifiers=(Identifier("UUID", "1"),),
        fixity=(Fixity("sha256", "ab"),),
        size_bytes=7,
        formats=(Format(registry="PRONOM", key="fmt/18"),),
    )
    assert isinstance(event, Event)
    assert (event.detail, event.outcome, event.outcome_detail) == ("by hand", "", "")


@pytest.mark.parametrize("document", hostile("premis", PREMIS_NAMESPACE))
def test_hostile_documents_are_refused(document: bytes) -> None:
    assert refusal_of(document).startswith("XML")


@pytest.mark.parametrize(
    "line",
    [
        b"<object",
        b'<object xsi:type="file"/>',
        b'<object xsi:type="dragon"/>',
        b"<event/>",
        b"<agent/>",
        b"<rights><rightsStatement/></rights>",
        b"\xff\xfe",
        b"&lol;",
        b"<event>" * 1000,
        (
            b'<object xsi:type="file"><objectIdentifier/><objectCharacteristics><size>-1</size>'
            b"</objectCharacteristics></object>"
        ),
    ],
)
def test_a_line_that_is_no_unit_is_refused(line: bytes) -> None:
    assert refusal_of(OURS + line + b"\n" + FOOTER.encode()).startswith("XML")


def test_a_document_of_ours_that_was_cut_is_refused_at_any_byte() -> None:
    sink = BytesIO()
    with PremisWriter(sink) as writer:
        writer.write_all([A_FILE, AN_EVENT])
    whole = sink.getvalue()
    assert {refusal_of(whole[:size]) for size in range(len(whole))} <= {"XML01", "XML04"}


def test_a_document_of_ours_that_goes_on_after_its_end_is_refused() -> None:
    assert refusal_of(OURS + FOOTER.encode() + b"<more/>") == "XML01"


@given(st.binary(max_size=200))
def test_no_line_makes_it_raise_anything_else(line: bytes) -> None:
    with suppress(InvalidPackage):
        read(OURS + line + b"\n" + FOOTER.encode())


def test_units_in_the_wrong_order_are_refused() -> None:
    with PremisWriter(BytesIO()) as writer:
        writer.write(A_FILE)
        writer.write(AN_EVENT)
        with pytest.raises(InvalidArgument, match="PREMIS wants objects"):
            writer.write(A_FILE)


def test_a_document_must_begin_with_an_object() -> None:
    with PremisWriter(BytesIO()) as writer, pytest.raises(InvalidArgument):
        writer.write(AN_EVENT)


def test_a_document_that_failed_half_way_is_not_closed() -> None:
    sink = BytesIO()
    with pytest.raises(InvalidArgument), PremisWriter(sink) as writer:
        writer.write(AN_EVENT)
    assert not sink.getvalue().endswith(FOOTER.encode())


def test_an_empty_file_of_unknown_format_is_valid_premis() -> None:
    sink = BytesIO()
    with PremisWriter(sink) as writer:
        writer.write(File(identifiers=(uuid_identifier("f"),)))
    assert read(sink.getvalue()) == [
        File(identifiers=(uuid_identifier("f"),), formats=(Format(name="unknown"),))
    ]


def test_several_statements_of_one_rights_element_are_all_read() -> None:
    statement = (
        "<rightsStatement><rightsStatementIdentifier><rightsStatementIdentifierType>t"
        "</rightsStatementIdentifierType><rightsStatementIdentifierValue>1"
        "</rightsStatementIdentifierValue></rightsStatementIdentifier>"
        "<rightsBasis>copyright</rightsBasis></rightsStatement>"
    )
    document = f'<premis xmlns="{PREMIS_NAMESPACE}"><rights>{statement * 2}</rights></premis>'
    expected = RightsStatement(identifier=Identifier("t", "1"), basis="copyright")
    assert read(document.encode()) == [expected, expected]


@pytest.mark.parametrize("basis", ["copyright", "license", "statute", "donor"])
def test_rights_may_say_nothing_but_their_basis(basis: str) -> None:
    granted = RightsGranted(act="disseminate")
    statement = RightsStatement(identifier=Identifier("t", "1"), basis=basis, granted=(granted,))
    sink = BytesIO()
    with PremisWriter(sink) as writer:
        writer.write_all([A_FILE, statement])
    assert read(sink.getvalue())[1:] == [statement]


def test_a_document_of_only_representations_is_read_by_line() -> None:
    representation = Representation(identifiers=(uuid_identifier("r"),))
    sink = BytesIO()
    with PremisWriter(sink) as writer:
        writer.write(representation)
    assert read(sink.getvalue()) == [representation]
