"""ZIP: every member is read to its end, so every CRC is checked."""

from __future__ import annotations

import zipfile

from muniment.formats.families.verdicts import encrypted, invalid, not_checked, tool, valid
from muniment.formats.families.zip_reading import BROKEN, faults, is_encrypted
from muniment.formats.types import Examination, ExaminationRequest

_TOOLS = (tool("Python zipfile", "muniment"),)


def examine(request: ExaminationRequest) -> Examination:
    """Check the directory and all members."""
    properties: dict[str, object] = {}
    try:
        with zipfile.ZipFile(request.path) as archive:
            members = archive.infolist()
            properties = {
                "archive.members": len(members),
                "archive.unpacked_bytes": sum(member.file_size for member in members),
            }
            if is_encrypted(archive):
                return not_checked(_TOOLS, properties, encrypted())
            found = list(faults(archive))
    except BROKEN as exc:
        return invalid(_TOOLS, properties, exc)
    return invalid(_TOOLS, properties, *found[:20]) if found else valid(_TOOLS, properties)
