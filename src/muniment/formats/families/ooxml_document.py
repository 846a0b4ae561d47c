"""Word, Excel and PowerPoint since 2007: Open Packaging Conventions (ECMA-376 part 2)."""

from __future__ import annotations

import zipfile

from lxml import etree

from muniment.formats.families.verdicts import invalid, tool, valid
from muniment.formats.families.zip_reading import BROKEN, faults, xml_fault
from muniment.formats.types import Examination, ExaminationRequest

_TOOLS = (tool("Muniment OOXML reader", "muniment"), tool("lxml", "lxml"))
_CONTENT_TYPES = "[Content_Types].xml"
_MAIN = ("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml")
_CORE = "docProps/core.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"


def examine(request: ExaminationRequest) -> Examination:
    """Check the package, its main part, and that its XML is well-formed."""
    properties: dict[str, object] = {}
    try:
        with zipfile.ZipFile(request.path) as archive:
            names = set(archive.namelist())
            found = list(faults(archive))
            main = next((name for name in _MAIN if name in names), "")
            if _CONTENT_TYPES not in names:
                found.append(f"there is no {_CONTENT_TYPES}")
            if not main:
                found.append("there is no main part")
            wanted = [name for name in (_CONTENT_TYPES, main, _CORE) if name in names]
            found += [fault for name in wanted if (fault := xml_fault(archive, name))]
            properties = {
                "document.main_part": main,
                "document.has_macros": "yes" if _has_macros(names) else "no",
                **_core_properties(archive, names),
            }
    except BROKEN as exc:
        return invalid(_TOOLS, properties, exc)
    return invalid(_TOOLS, properties, *found[:20]) if found else valid(_TOOLS, properties)


def _has_macros(names: set[str]) -> bool:
    return any(name.endswith("vbaProject.bin") for name in names)


def _core_properties(archive: zipfile.ZipFile, names: set[str]) -> dict[str, object]:
    if _CORE not in names or xml_fault(archive, _CORE):
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(archive.read(_CORE), parser)
    return {
        "document.title": root.findtext(_DC + "title"),
        "document.creator": root.findtext(_DC + "creator"),
    }
