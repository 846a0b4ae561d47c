"""A document of the producer that describes the package, mapped to Dublin Core.

MODS, EAD, DataCite, MARCXML and Dublin Core, also where a METS wraps them. The document is kept as
it was sent, whatever becomes of its mapping.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from muniment.information.crosswalks.forms import Form, form_of, read_record, records_of
from muniment.information.crosswalks.wrapped import METS_ROOT, wrapped_in
from muniment.information.dublin_core import DublinCore
from muniment.information.xml import Element, read_document, root_of

LIMIT_BYTES = 16 * 1024 * 1024
_HEAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Description:
    """What one document says: its form, how many records it holds, and the values of the first."""

    form: Form
    record: DublinCore
    records: int = 1


def read_descriptions(stream: BinaryIO, *, document: str) -> Iterator[Description]:
    """Yield what a document says, nothing when it is of no form that is mapped.

    The root is looked at first, so a large document of another kind costs nothing. Raises
    InvalidPackage when a description is hostile, malformed or has more than 16 MiB.
    """
    root = root_of(stream.read(_HEAD_BYTES))
    stream.seek(0)
    if root == METS_ROOT:
        for element in wrapped_in(stream, document=document):
            yield from _described(element)
    elif form_of(root):
        yield from _described(read_document(stream, document=document, limit=LIMIT_BYTES))


def _described(root: Element) -> Iterator[Description]:
    form = form_of(root.tag)
    records = records_of(root) if form else []
    if form and records:
        yield Description(form, read_record(form, records[0]), len(records))
