"""XML: well-formed, and without anything that attacks its readers (archive spec §1)."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from muniment.formats.families.verdicts import hostile, invalid, texts, tool, valid
from muniment.formats.types import Examination, ExaminationRequest, Validity

_TOOLS = (tool("lxml", "lxml"),)
_HEAD_BYTES = 64 * 1024
_ENTITY = re.compile(rb"<!ENTITY\s", re.IGNORECASE)


def examine(request: ExaminationRequest) -> Examination:
    """Parse the whole document once, entities and network off."""
    properties: dict[str, object] = {}
    try:
        properties = _properties(request.path)
    except etree.XMLSyntaxError as exc:
        if _declares_entities(request.path):
            return _hostile(properties, f"it declares entities ({exc})")
        return invalid(_TOOLS, properties, exc)
    if _declares_entities(request.path):
        return _hostile(properties, "it declares entities")
    return valid(_TOOLS, properties)


def _properties(path: Path) -> dict[str, object]:
    root: etree._Element | None = None
    elements = 0
    events = etree.iterparse(
        str(path),
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
            element.clear(keep_tail=False)
            while element.getprevious() is not None:
                del element.getparent()[0]
    if root is None:
        return {}
    name = etree.QName(root)
    info = root.getroottree().docinfo
    return {
        "xml.version": info.xml_version,
        "xml.encoding": info.encoding,
        "xml.root": name.localname,
        "xml.namespace": name.namespace,
        "xml.doctype": info.root_name if info.internalDTD is not None else None,
        "xml.elements": elements,
    }


def _declares_entities(path: Path) -> bool:
    with path.open("rb") as stream:
        return _ENTITY.search(stream.read(_HEAD_BYTES)) is not None


def _hostile(properties: dict[str, object], reason: str) -> Examination:
    return Examination(
        validity=Validity.INVALID,
        findings=(hostile(reason),),
        properties=texts(properties),
        tools=_TOOLS,
    )
