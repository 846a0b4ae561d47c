"""Descriptive metadata that a METS wraps (`dmdSec`/`mdWrap`) and gives to the whole of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from muniment.information.crosswalks.rules import below
from muniment.information.mets import Division, read_mets
from muniment.information.mets.model import METS_NAMESPACE
from muniment.information.xml import Element, local_name, stream_elements

METS_ROOT = f"{{{METS_NAMESPACE}}}mets"
_DMD_SEC = f"{{{METS_NAMESPACE}}}dmdSec"


def wrapped_in(stream: BinaryIO, *, document: str) -> Iterator[Element]:
    """Yield the root of each wrapped description of the whole; those of its parts are passed over.

    The structural maps are read first, since they say of what a section speaks and stand at the
    end: memory is flat. Raises InvalidPackage.
    """
    wanted = frozenset(_of_the_whole(stream, document))
    if not wanted:
        return
    stream.seek(0)
    for _, section in stream_elements(stream, (_DMD_SEC,), document=document):
        if section.get("ID") in wanted:
            for data in below(section, "mdWrap/xmlData"):
                yield from (each for each in data if local_name(each.tag))


def _of_the_whole(stream: BinaryIO, document: str) -> Iterator[str]:
    """Yield the ids that the top divisions name, and those of Archivematica's folder `objects`."""
    for part in read_mets(stream, document=document):
        if isinstance(part, Division) and (
            part.depth == 0 or (part.depth == 1 and part.label == "objects")
        ):
            yield from part.descriptive_ids
