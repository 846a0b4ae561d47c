"""`metadata/descriptive/dc.xml` of an AIP."""

from __future__ import annotations

from muniment.information.dublin_core.model import DCTERMS, DESCRIPTION_NAMESPACE, DublinCore
from muniment.information.xml import attributes, escape


def render_dublin_core(record: DublinCore) -> bytes:
    """Return the XML document of a record (UTF-8); an empty record is an empty root."""
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
