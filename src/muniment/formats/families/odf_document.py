"""OpenDocument (ODF 1.3 part 2): the package, its manifest and its content."""

from __future__ import annotations

import zipfile

from muniment.formats.families.verdicts import encrypted, invalid, not_checked, tool, valid
from muniment.formats.families.zip_reading import BROKEN, faults, is_encrypted, xml_fault
from muniment.formats.types import Examination, ExaminationRequest

_TOOLS = (tool("Muniment ODF reader", "muniment"), tool("lxml", "lxml"))
_MANIFEST = "META-INF/manifest.xml"
_NEEDED = (_MANIFEST, "content.xml")
_ENCRYPTION = b"encryption-data"
_LONGEST_TYPE = 200


def examine(request: ExaminationRequest) -> Examination:
    """Check the members, the manifest, and that the XML is well-formed."""
    properties: dict[str, object] = {}
    try:
        with zipfile.ZipFile(request.path) as archive:
            names = archive.namelist()
            properties = {"document.media_type": _media_type(archive, names)}
            if is_encrypted(archive) or _is_encrypted_inside(archive, names):
                return not_checked(_TOOLS, properties, encrypted())
            found = list(faults(archive))
            found += [f"there is no {name}" for name in _NEEDED if name not in names]
            present = [name for name in (*_NEEDED, "meta.xml", "styles.xml") if name in names]
            found += [fault for name in present if (fault := xml_fault(archive, name))]
            doubts = [] if names[:1] == ["mimetype"] else ["mimetype is not the first member"]
    except BROKEN as exc:
        return invalid(_TOOLS, properties, exc)
    return invalid(_TOOLS, properties, *found[:20]) if found else valid(_TOOLS, properties, *doubts)


def _media_type(archive: zipfile.ZipFile, names: list[str]) -> str:
    if "mimetype" not in names:
        return ""
    with archive.open("mimetype") as stream:
        return stream.read(_LONGEST_TYPE).decode("ascii", "replace").strip()


def _is_encrypted_inside(archive: zipfile.ZipFile, names: list[str]) -> bool:
    if _MANIFEST not in names:
        return False
    with archive.open(_MANIFEST) as stream:
        return _ENCRYPTION in stream.read(1 << 20)
