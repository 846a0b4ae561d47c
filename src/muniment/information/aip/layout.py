"""Where everything lies in the logical state of a version (DESIGN §3)."""

from __future__ import annotations

METS = "METS.xml"
README = "documentation/README.txt"
SCHEMA = "schemas/dc.xsd"
DUBLIN_CORE = "metadata/descriptive/dc.xml"
PREMIS = "metadata/preservation/premis.xml"
SUBMISSION = "submission/"


def representation_folder(name: str) -> str:
    """Return the folder of one representation, with its last slash."""
    return f"representations/{name}/"
