"""Reading XML that nobody vouches for.

No DTD, no entities, no network, no XInclude; depth, name and text limits are libxml2's own
(`huge_tree` stays off) and no element that we hold may exceed `ELEMENT_LIMIT`. A DOCTYPE refuses
the document. Every fault is an `InvalidPackage` with one finding; a reader never lets
`XMLSyntaxError` out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from io import BytesIO
from typing import Any, Protocol, TypeAlias

from lxml import etree

from muniment.runtime.errors import InvalidPackage
from muniment.runtime.findings import code_table

# lxml has no public name for what its stubs call _Element; Any keeps its surface out of ours.
Element: TypeAlias = Any

ELEMENT_LIMIT = 32 * 1024 * 1024
"""Most bytes between two elements that a reader takes: what may be held in memory at once."""

_HARDENED: dict[str, Any] = {  # Any: keyword arguments of two lxml classes
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def malformed(code: str, document: str, **params: str) -> InvalidPackage:
    """Return (to be raised) the refusal of a document, with its one finding."""
    table = code_table(__package__ or "")
    finding = table.finding(
        code,
        path=document,
        document=document,
        **params,  # type: ignore[arg-type]  # texts of the message, never `severity`
    )
    return InvalidPackage(finding.message, [finding])


def local_name(tag: object) -> str:
    """Return the name without its namespace; "" for what is not an element."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def own_text(element: Element) -> str:
    """Return the text of an element as it stands: white space may be part of a file's name."""
    return element.text or ""


class ByteSource(Protocol):
    """Gives bytes, b"" at the end: any binary stream."""

    def read(self, size: int = -1, /) -> bytes: ...


class _Metered:
    """Hands bytes on and counts them since the last element that was taken."""

    def __init__(self, stream: ByteSource) -> None:
        self._stream = stream
        self.since_last = 0

    def read(self, size: int = -1) -> bytes:
        if self.since_last > ELEMENT_LIMIT:
            raise _TooLarge
        block = self._stream.read(size)
        self.since_last += len(block)
        return block


class _TooLarge(Exception):  # a signal inside this module
    """More bytes than `ELEMENT_LIMIT` without an element to take."""


def stream_elements(
    stream: ByteSource,
    tags: Collection[str],
    *,
    document: str,
    starts: bool = False,
    whole: Collection[str] = (),
) -> Iterator[tuple[str, Element]]:
    """Yield ("end", element) for each element with one of `tags` (Clark names), in document order.

    One that stands inside another of them is a part of it and not yielded, unless `starts`: then
    all are, and before each ("start", element), which has its attributes and no content yet. An
    element is emptied when the next one is asked for, so memory stays flat; with `starts`, those
    inside one of the tags `whole` only with that one. `document` names the source in findings.
    Raises InvalidPackage (XML01 to XML03).
    """
    metered = _Metered(stream)
    depth = unfinished = 0
    try:
        context = etree.iterparse(metered, events=("start", "end"), tag=list(tags), **_HARDENED)
        is_checked = False
        for event, element in context:
            if not is_checked:
                _refuse_doctype(element, document)
                is_checked = True
            depth += 1 if event == "start" else -1
            if not starts and (event == "start" or depth):
                continue
            if element.tag in whole:
                unfinished += 1 if event == "start" else -1
            yield event, element
            metered.since_last = 0
            if event == "end" and not unfinished:
                _forget(element)
        if not is_checked and context.root is not None:
            _refuse_doctype(context.root, document)
    except _TooLarge:
        raise malformed("XML03", document, limit=str(ELEMENT_LIMIT)) from None
    except (etree.XMLSyntaxError, UnicodeError, LookupError) as exc:
        raise malformed("XML01", document, reason=_reason(exc)) from None


def read_document(stream: ByteSource, *, document: str, limit: int = ELEMENT_LIMIT) -> Element:
    """Parse a whole small document and return its root.

    Raises InvalidPackage: XML03 when it has more than `limit` bytes, XML01 or XML02.
    """
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise malformed("XML03", document, limit=str(limit))
    return parse_fragment(content, document=document)


def parse_fragment(content: bytes, *, document: str) -> Element:
    """Parse bytes and return the root element. Raises InvalidPackage (XML01, XML02)."""
    try:
        root = etree.parse(BytesIO(content), etree.XMLParser(**_HARDENED)).getroot()
    except (etree.XMLSyntaxError, UnicodeError, LookupError) as exc:
        raise malformed("XML01", document, reason=_reason(exc)) from None
    _refuse_doctype(root, document)
    return root


def root_of(head: bytes) -> str:
    """Return the Clark name of the root element that a document begins with; "" without one.

    `head` is its beginning; nothing is said of the rest, nor that it may be read.
    """
    parser = etree.XMLPullParser(events=("start",), **_HARDENED)
    try:
        parser.feed(head)
        roots: list[Element] = [element for _, element in parser.read_events()][:1]
    except (etree.XMLSyntaxError, UnicodeError, LookupError):
        return ""
    return roots[0].tag if roots else ""


def _refuse_doctype(element: Element, document: str) -> None:
    info = element.getroottree().docinfo
    if info.internalDTD is not None or info.doctype:
        raise malformed("XML02", document)


def _forget(element: Element) -> None:
    """Empty an element and drop all that ended before it, at every level above it too."""
    element.clear(keep_tail=False)
    while (parent := element.getparent()) is not None:
        while element.getprevious() is not None:
            del parent[0]
        element = parent


def _reason(exc: Exception) -> str:
    return str(exc) or "it is empty"
