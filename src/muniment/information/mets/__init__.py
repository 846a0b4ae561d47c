"""METS 1.12 with the attributes of E-ARK CSIP 2.2: parts as dataclasses, streamed both ways."""

from __future__ import annotations

from muniment.information.mets.hrefs import href_of, name_of, path_of
from muniment.information.mets.model import (
    CSIP_NAMESPACE,
    METS_NAMESPACE,
    SIP_NAMESPACE,
    XLINK_NAMESPACE,
    AlternativeRecordId,
    Division,
    FileGroup,
    FilePointer,
    MetadataReference,
    MetsAgent,
    MetsFile,
    MetsHeader,
    MetsPart,
    MetsPointer,
    MetsRoot,
    SectionEnd,
    SectionStart,
    StructuralMap,
)
from muniment.information.mets.reader import read_mets
from muniment.information.mets.writer import MetsWriter

__all__ = [
    "CSIP_NAMESPACE",
    "METS_NAMESPACE",
    "SIP_NAMESPACE",
    "XLINK_NAMESPACE",
    "AlternativeRecordId",
    "Division",
    "FileGroup",
    "FilePointer",
    "MetadataReference",
    "MetsAgent",
    "MetsFile",
    "MetsHeader",
    "MetsPart",
    "MetsPointer",
    "MetsRoot",
    "MetsWriter",
    "SectionEnd",
    "SectionStart",
    "StructuralMap",
    "href_of",
    "name_of",
    "path_of",
    "read_mets",
]
