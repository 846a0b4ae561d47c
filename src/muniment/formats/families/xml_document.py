"""XML: well-formed, and without anything that attacks its readers (archive spec §1)."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from muniment.formats.families.verdicts import hostile, invalid, texts, tool, valid
from muniment.formats.types import Examination, ExaminationRequest, Validity

_TOOLS = (tool("lxml", "lxml"),)
_HEAD_BYTES = 64 * 1024
_MOST_NAMES = 5
_ENTITY = re.compile(rb"<!ENTITY\s", re.IGNORECASE)


def examine(request: ExaminationRequest) -> Examination:
    """Parse the whole document once, entities and network off."""
    try:
        with request.path.open("rb") as stream:
            properties, entities = _parse(stream)
    except etree.XMLSyntaxError as exc:
        if _declares_entities(request.path):
            return _hostile({}, f"it declares entities ({exc})")
        return invalid(_TOOLS, {}, exc)
    if entities:
        return _hostile(properties, f"it declares the entities {', '.join(entities)}")
    return valid(_TOOLS, properties)


def _parse(stream: BinaryIO) -> tuple[dict[str, object], list[str]]:
    """Return the properties and the names of the first entities that are declared."""
    root: etree._Element | None = None
    elements = 0
    events = etree.iterparse(
        stream,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    for event, element in events:
        if event == "start":
            elements += 1
            root = element if root is None else root
        else:
            _forget(element)
    assert root is not None  # no element at all is a syntax error
    name = etree.QName(root)
    info = root.getroottree().docinfo
    declared = [] if info.internalDTD is None else info.internalDTD.iterentities()  # type: ignore[attr-defined]  # the stubs lack it
    properties: dict[str, object] = {
        "xml.version": info.xml_version,
        "xml.encoding": info.encoding,
        "xml.root": name.localname,
        "xml.namespace": name.namespace,
        "xml.doctype": info.root_name if info.internalDTD is not None else None,
        "xml.elements": elements,
    }
    return properties, [str(entity.name) for entity in islice(declared, _MOST_NAMES)]


def _forget(element: etree._Element) -> None:
    """Drop what has been read, or the tree would grow with the document."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _declares_entities(path: Path) -> bool:
    """Look for a declaration in what cannot be parsed; in UTF-16 it has a NUL at each letter."""
    with path.open("rb") as stream:
        return _ENTITY.search(stream.read(_HEAD_BYTES).replace(b"\0", b"")) is not None


def _hostile(properties: dict[str, object], reason: str) -> Examination:
    return Examination(
        validity=Validity.INVALID,
        findings=(hostile(reason),),
        properties=texts(properties),
        tools=_TOOLS,
    )
