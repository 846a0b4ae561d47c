"""Word, Excel, PowerPoint and Outlook before 2007: OLE 2 compound files by olefile."""

from __future__ import annotations

import olefile
from olefile.olefile import OleFileError

from muniment.formats.families.verdicts import invalid, tool, valid
from muniment.formats.types import Examination, ExaminationRequest

_TOOLS = (tool("olefile", "olefile"),)
_BROKEN = (OleFileError, OSError, ValueError, IndexError, TypeError, AttributeError)


def examine(request: ExaminationRequest) -> Examination:
    """Read the directory and every stream of the compound file."""
    properties: dict[str, object] = {}
    try:
        with olefile.OleFileIO(request.path, raise_defects=olefile.DEFECT_INCORRECT) as document:
            streams = document.listdir()
            metadata = document.get_metadata()
            properties = {
                "document.streams": len(streams),
                "document.title": _text(metadata.title),
                "document.creator": _text(metadata.author),
                "document.application": _text(metadata.creating_application),
                "document.has_macros": "yes" if document.exists("Macros") else "no",
            }
            for name in streams:
                document.openstream(name).read()
    except _BROKEN as exc:
        return invalid(_TOOLS, properties, exc)
    return valid(_TOOLS, properties)


def _text(value: object) -> str | None:
    return value.decode("latin-1").strip("\0 ") if isinstance(value, bytes) else None
