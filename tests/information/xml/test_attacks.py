"""Hostile XML by table: what it asks us to open stays closed, what is too much is refused."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from muniment.information.xml import Element, read_document, stream_elements
from muniment.information.xml.reading import ELEMENT_LIMIT
from muniment.runtime.errors import InvalidPackage

Read = Callable[[bytes], object]


def stream(document: bytes) -> list[tuple[str, Element]]:
    return list(stream_elements(BytesIO(document), ["r", "a"], document="x.xml", starts=True))


def whole(document: bytes) -> Element:
    return read_document(BytesIO(document), document="x.xml")


both = pytest.mark.parametrize("read", [stream, whole])


def code_of(read: Read, document: bytes) -> str:
    with pytest.raises(InvalidPackage) as caught:
        read(document)
    (finding,) = caught.value.findings
    assert finding.path == "x.xml"
    return finding.code


@pytest.fixture
def trap(tmp_path: Path) -> str:
    """A pipe that nobody writes to: whoever opens it waits until the test is given up."""
    os.mkfifo(tmp_path / "trap")
    return f"file://{tmp_path}/trap"


@pytest.fixture
def server() -> Iterator[socket.socket]:
    """A server on this machine that must never be spoken to."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        yield listening
        with pytest.raises(BlockingIOError):
            listening.accept()


OPENING = [
    '<!DOCTYPE r SYSTEM "{0}"><r/>',
    '<!DOCTYPE r PUBLIC "-//x" "{0}"><r/>',
    '<!DOCTYPE r [<!ENTITY e SYSTEM "{0}">]><r>&e;</r>',
    '<!DOCTYPE r [<!ENTITY e SYSTEM "{0}">]><r a="&e;"/>',
    '<!DOCTYPE r [<!ENTITY % p SYSTEM "{0}"> %p;]><r/>',
    '<!DOCTYPE r [<!ENTITY % p SYSTEM "{0}"><!ENTITY % q "%p;"> %q;]><r/>',
    '<!DOCTYPE r [<!NOTATION n SYSTEM "{0}"><!ENTITY u SYSTEM "{0}" NDATA n>]><r/>',
]


@both
@pytest.mark.parametrize("document", OPENING)
def test_no_file_is_opened_that_a_document_names(read: Read, document: str, trap: str) -> None:
    assert code_of(read, document.format(trap).encode()) in {"XML01", "XML02"}


@both
@pytest.mark.parametrize("document", OPENING)
def test_no_address_is_asked_that_a_document_names(
    read: Read, document: str, server: socket.socket
) -> None:
    address = f"http://127.0.0.1:{server.getsockname()[1]}/x.dtd"
    assert code_of(read, document.format(address).encode()) in {"XML01", "XML02"}


@both
@pytest.mark.parametrize(
    "document",
    [
        '<r xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{0}"/></r>',
        '<r xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{0}" parse="text"/></r>',
        '<?xml-stylesheet type="text/xsl" href="{0}"?><r/>',
        '<?xml-model href="{0}"?><r/>',
        '<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="u {0}"/>',
        '<r xml:base="{0}"/>',
    ],
)
def test_what_other_programs_would_follow_is_left_alone(
    read: Read, document: str, trap: str
) -> None:
    assert read(document.format(trap).encode()) is not None


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]>'
QUADRATIC = f'<!DOCTYPE r [<!ENTITY q "{"x" * 100_000}">]>'


@both
@pytest.mark.parametrize(
    "document",
    [
        f"{BOMB}<r>&l11;</r>",
        f'{BOMB}<r a="&l11;"/>',
        f"{BOMB}<r/>",
        f"{QUADRATIC}<r>{'&q;' * 10_000}</r>",
        f'{QUADRATIC}<r a="{"&q;" * 10_000}"/>',
        '<!DOCTYPE r [<!ENTITY a "&b;"><!ENTITY b "&a;">]><r>&a;</r>',
        '<!DOCTYPE r [<!ENTITY % a "%b;"><!ENTITY % b "%a;">]><r/>',
        '<!DOCTYPE r [<!ATTLIST r a CDATA "given">]><r/>',
        "<!DOCTYPE r []><r/>",
        "<r>&nbsp;</r>",
        '<r a="&nbsp;"/>',
        "<r>&#0;</r>",
        "<r>&#xFFFFFFFF;</r>",
    ],
)
def test_entities_and_dtds_are_refused_not_expanded(read: Read, document: str) -> None:
    assert code_of(read, document.encode()) in {"XML01", "XML02"}


@both
def test_the_five_entities_of_xml_itself_are_read(read: Read) -> None:
    assert whole(b"<r>&lt;&amp;&gt;&quot;&apos;&#228;</r>").text == "<&>\"'ä"
    assert read(b"<r>&lt;</r>") is not None


def nested(depth: int) -> bytes:
    return b"<r>" + b"<b>" * depth + b"</b>" * depth + b"</r>"


@both
def test_nesting_has_a_limit(read: Read) -> None:
    assert read(nested(200)) is not None
    assert code_of(read, nested(300)) == "XML01"
    assert code_of(read, b"<r>" * 1_000_000) == "XML01"


@both
@pytest.mark.parametrize(
    "document",
    [
        b"<r " + b"a" * 11_000_000 + b"='1'/>",
        b"<r a='" + b"x" * 11_000_000 + b"'/>",
        b"<r>" + b"x" * 11_000_000 + b"</r>",
        b"<" + b"r" * 11_000_000 + b"/>",
        b"<r><!--" + b"x" * 11_000_000 + b"--></r>",
        b"<r><?p " + b"x" * 11_000_000 + b"?></r>",
        b"<r a='1' a='2'/>",
        b"<r xmlns:p='u:x' xmlns:q='u:x' p:a='1' q:a='2'/>",
    ],
)
def test_what_is_too_long_or_there_twice_is_refused(read: Read, document: bytes) -> None:
    assert code_of(read, document) == "XML01"


@both
@pytest.mark.parametrize("filler", [b"<!-- -->", b"<?p ?>"])
def test_a_document_over_the_limit_without_what_is_wanted_is_given_up(
    read: Read, filler: bytes
) -> None:
    document = b"<x>" + filler * (ELEMENT_LIMIT // len(filler) + 40_000)
    assert code_of(read, document) == "XML03"


TEXT = "<r>grüß</r>"


@both
@pytest.mark.parametrize(
    "document",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        f'<?xml version="1.0" encoding="UTF-16"?>{TEXT}'.encode("utf-16"),
        f'<?xml version="1.0" encoding="UTF-16LE"?>{TEXT}'.encode("utf-16-le"),
        f'<?xml version="1.0" encoding="UTF-16BE"?>{TEXT}'.encode("utf-16-be"),
        f'<?xml version="1.0" encoding="ISO-8859-1"?>{TEXT}'.encode("latin-1"),
        f'<?xml version="1.0" encoding="windows-1252"?>{TEXT}'.encode("cp1252"),
        f'<?xml version="1.1" encoding="UTF-8"?>{TEXT}'.encode(),
    ],
)
def test_every_honest_encoding_is_read(read: Read, document: bytes) -> None:
    assert whole(document).text == "grüß"
    assert read(document) is not None


@both
@pytest.mark.parametrize(
    "document",
    [
        TEXT.encode("latin-1"),
        TEXT.encode("utf-16")[:-1],
        f'<?xml version="1.0" encoding="UTF-8"?>{TEXT}'.encode("latin-1"),
        f'<?xml version="1.0" encoding="UTF-16"?>{TEXT}'.encode("latin-1"),
        f'<?xml version="1.0" encoding="x-none"?>{TEXT}'.encode(),
        f'<?xml version="1.0" encoding=""?>{TEXT}'.encode(),
        b"<r>\xc0\x80</r>",
        b"<r>\xed\xa0\x80</r>",
        b"<r>\xf5\x80\x80\x80</r>",
        b"<r>a\0b</r>",
        b"<r>\x01</r>",
    ],
)
def test_bytes_that_are_not_what_they_claim_are_malformed(read: Read, document: bytes) -> None:
    assert code_of(read, document) == "XML01"
