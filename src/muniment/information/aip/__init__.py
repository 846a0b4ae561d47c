"""The archival information package of DESIGN §3: written whole, read piece by piece."""

from __future__ import annotations

from muniment.information.aip.model import (
    AipDescription,
    DescribedFile,
    KeptRepresentation,
    RepresentationDescription,
    SubmissionFile,
    WrittenFile,
)
from muniment.information.aip.reader import AipReader, Opener, RepresentationUnit, read_aip
from muniment.information.aip.version_event import RIGHTS_STATED, VersionReason, VersionStory
from muniment.information.aip.writer import write_aip

__all__ = [
    "RIGHTS_STATED",
    "AipDescription",
    "AipReader",
    "DescribedFile",
    "KeptRepresentation",
    "Opener",
    "RepresentationDescription",
    "RepresentationUnit",
    "SubmissionFile",
    "VersionReason",
    "VersionStory",
    "WrittenFile",
    "read_aip",
    "write_aip",
]
