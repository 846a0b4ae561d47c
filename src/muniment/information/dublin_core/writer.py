"""`metadata/descriptive/dc.xml` of an AIP."""

from __future__ import annotations

from muniment.information.dublin_core.model import DCTERMS, DESCRIPTION_NAMESPACE, DublinCore
from muniment.information.dublin_core.terms import TERMS
from muniment.information.xml import attributes, escape
from muniment.runtime.errors import InvalidArgument


def render_dublin_core(record: DublinCore) -> bytes:
    """Return the XML document of a record (UTF-8); an empty record is an empty root.

    Raises InvalidArgument for a term that the DCMI does not have.
    """
    unknown = {each.term for each in record} - TERMS
    if unknown:
        raise InvalidArgument(f"no Dublin Core terms: {', '.join(sorted(unknown))}")
    lines = (
        f"  <dcterms:{each.term}{attributes({'xml:lang': each.language})}>"
        f"{escape(each.value)}</dcterms:{each.term}>\n"
        for each in record
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<description xmlns="{DESCRIPTION_NAMESPACE}" xmlns:dcterms="{DCTERMS}">\n'
        f"{''.join(lines)}</description>\n"
    ).encode()
