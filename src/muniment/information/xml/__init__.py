"""XML in and out: hostile documents are refused, large ones are streamed (archive spec §1, §2)."""

from __future__ import annotations

from muniment.information.xml.node import Node
from muniment.information.xml.reading import (
    Element,
    local_name,
    malformed,
    own_text,
    parse_fragment,
    read_document,
    root_of,
    stream_elements,
)
from muniment.information.xml.writing import attributes, branch, escape, leaf, leaves

__all__ = [
    "Element",
    "Node",
    "attributes",
    "branch",
    "escape",
    "leaf",
    "leaves",
    "local_name",
    "malformed",
    "own_text",
    "parse_fragment",
    "read_document",
    "root_of",
    "stream_elements",
]
