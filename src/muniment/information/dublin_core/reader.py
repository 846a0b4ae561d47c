"""Reading Dublin Core from XML: ours, oai_dc, and simple lists of dc or dcterms elements."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.information.dublin_core.model import (
    DC_ELEMENTS,
    DCTERMS,
    DublinCore,
    DublinCoreValue,
)
from muniment.information.dublin_core.terms import TERMS
from muniment.information.xml import Element, local_name, malformed, own_text, read_document
from muniment.information.xml.reading import ByteSource

LIMIT_BYTES = 16 * 1024 * 1024
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMESPACES = (DCTERMS, DC_ELEMENTS)


def read_dublin_core(stream: ByteSource, *, document: str = "dc.xml") -> DublinCore:
    """Read every Dublin Core element of a document, wherever in it, in order.

    Elements of other namespaces are passed over; so are values without text. Raises InvalidPackage
    for hostile or malformed XML, for more than 16 MiB, and where nothing is Dublin Core.
    """
    root = read_document(stream, document=document, limit=LIMIT_BYTES)
    record = dublin_core_of(root)
    if not record and not _may_be_empty(root):
        reason = "it has no element of dc or dcterms"
        raise malformed("XML04", document, kind="Dublin Core", reason=reason)
    return record


def dublin_core_of(root: Element) -> DublinCore:
    """Return every Dublin Core element below one, in order."""
    return DublinCore(tuple(_values(root)))


def _values(root: Element) -> Iterator[DublinCoreValue]:
    for element in root.iter(*(f"{{{space}}}*" for space in _NAMESPACES)):
        term = local_name(element.tag)
        text = own_text(element)
        if term in TERMS and text.strip():
            yield DublinCoreValue(term, text, element.get(_LANGUAGE, ""))


def _may_be_empty(root: Element) -> bool:
    return local_name(root.tag) in {"description", "dc", "metadata", "dublincore"}
