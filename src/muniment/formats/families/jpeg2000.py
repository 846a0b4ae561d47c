"""JPEG 2000 by jpylyzer, the validator of the field."""

from __future__ import annotations

from jpylyzer import jpylyzer

from muniment.formats.families.verdicts import invalid, tool, valid
from muniment.formats.types import Examination, ExaminationRequest

_TOOLS = (tool("jpylyzer", "jpylyzer"),)
_HEADER = "properties/jp2HeaderBox/imageHeaderBox/"
_CODESTREAM = "properties/contiguousCodestreamBox/"
_WANTED = {
    "image.width": _HEADER + "width",
    "image.height": _HEADER + "height",
    "image.components": _HEADER + "nC",
    "image.compression": _HEADER + "c",
    "image.colour_space": "properties/jp2HeaderBox/colourSpecificationBox/enumCS",
    "image.transformation": _CODESTREAM + "cod/transformation",
    "image.levels": _CODESTREAM + "cod/levels",
    "image.layers": _CODESTREAM + "cod/layers",
}


def examine(request: ExaminationRequest) -> Examination:
    """Validate every box and the codestream's markers."""
    report = jpylyzer.checkOneFile(str(request.path))
    properties = {name: report.findtext(path) for name, path in _WANTED.items()}
    properties["image.format"] = "JPEG 2000"
    if report.findtext("isValid") == "True":
        return valid(_TOOLS, properties)
    failed = [
        element.tag
        for element in report.iter()
        if element.text == "False" and not len(element) and element.tag != "isValid"
    ]
    return invalid(_TOOLS, properties, f"failed tests: {', '.join(failed[:20]) or 'unreadable'}")
