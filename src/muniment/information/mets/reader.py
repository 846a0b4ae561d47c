"""Reading METS as a stream of parts, ours and those of others, memory flat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from muniment.information.mets.model import METS_NAMESPACE, MetsPart, SectionEnd
from muniment.information.mets.read_parts import (
    read_division,
    read_file,
    read_file_group,
    read_file_pointer,
    read_header,
    read_metadata,
    read_mets_pointer,
    read_root,
    read_section,
    read_structural_map,
)
from muniment.information.xml import Element, malformed, stream_elements
from muniment.information.xml.reading import ByteSource

_AT_START: dict[str, Callable[[Element, int], MetsPart]] = {
    "mets": read_root,
    "amdSec": read_section,
    "fileSec": read_section,
    "fileGrp": read_file_group,
    "structMap": read_structural_map,
    "div": read_division,
}
_AT_END: dict[str, Callable[[Element, int], MetsPart]] = {
    "metsHdr": read_header,
    "dmdSec": read_metadata,
    "techMD": read_metadata,
    "rightsMD": read_metadata,
    "sourceMD": read_metadata,
    "digiprovMD": read_metadata,
    "file": read_file,
    "fptr": read_file_pointer,
    "mptr": read_mets_pointer,
}
_METADATA = frozenset({"dmdSec", "techMD", "rightsMD", "sourceMD", "digiprovMD"})
_NESTED = ("fileGrp", "div")
_CLOSED = frozenset({"amdSec", "fileSec", "fileGrp", "structMap", "div"})
_PREFIX = f"{{{METS_NAMESPACE}}}"
_TAGS = tuple(_PREFIX + name for name in (*_AT_START, *_AT_END))
# Read with their content at their end, whatever stands in it: a file may hold files.
_WHOLE = frozenset(_PREFIX + name for name in ("metsHdr", "file", *_METADATA))


def read_mets(stream: ByteSource, *, document: str = "METS.xml") -> Iterator[MetsPart]:
    """Yield the parts in document order: a container at its start, its end as a SectionEnd.

    Wrapped metadata (mdWrap) is reported but not read, be it METS itself. Raises InvalidPackage
    for XML that is not well-formed or hostile, and for a document that is not METS; `document`
    names it.
    """
    depths = dict.fromkeys(_NESTED, -1)
    is_mets = False
    elements = stream_elements(stream, _TAGS, document=document, starts=True, whole=_WHOLE)
    for event, name, element in _outside_metadata(elements):
        is_mets = is_mets or name == "mets"
        if event == "start":
            if name in depths:
                depths[name] += 1
            reader = _AT_START.get(name)
            if reader is not None:
                yield reader(element, depths.get(name, 0))
        else:
            at_end = _AT_END.get(name)
            if at_end is not None:
                yield at_end(element, depths["div"])
            elif name in _CLOSED:
                yield SectionEnd(name)
            if name in depths:
                depths[name] -= 1
    if not is_mets:
        raise malformed("XML04", document, kind="METS", reason="its root is not mets")


def _outside_metadata(
    elements: Iterable[tuple[str, Element]],
) -> Iterator[tuple[str, str, Element]]:
    """Yield event, local name and element, of a metadata section its end alone."""
    wrapped = 0
    for event, element in elements:
        name = element.tag[len(_PREFIX) :]
        if wrapped or name in _METADATA:
            wrapped += 1 if event == "start" else -1
            if wrapped:
                continue
        yield event, name, element
