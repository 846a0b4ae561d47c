"""Writing METS as a stream of parts: the same that the reader gives, one a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

from muniment.information.mets.model import (
    CSIP_NAMESPACE,
    METS_NAMESPACE,
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
from muniment.information.premis.writer import ByteSink
from muniment.information.xml import attributes, escape, leaf

_NAMESPACES = (
    f' xmlns="{METS_NAMESPACE}" xmlns:csip="{CSIP_NAMESPACE}" xmlns:xlink="{XLINK_NAMESPACE}"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


class MetsWriter:
    """Writes one METS document part by part; a context manager that closes the root.

    Sections open with their part and close with a `SectionEnd` of their name; the caller keeps the
    order of the schema (root, header, metadata, file section, structural maps). `amdSec` and
    `fileSec` are opened by a `SectionStart`.
    """

    def __init__(self, sink: ByteSink) -> None:
        self._sink = sink

    def __enter__(self) -> Self:
        self._sink.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        if error is None:
            self._sink.write(b"</mets>\n")

    def write(self, part: MetsPart) -> None:
        """Write one part."""
        self._sink.write((render(part) + "\n").encode())

    def write_all(self, parts: Iterable[MetsPart]) -> None:
        """Write parts as they come."""
        for part in parts:
            self.write(part)


def render(part: MetsPart) -> str:
    """Return one part as XML on one line; the start tag alone of what holds other parts."""
    return _RENDERERS[type(part)](part)


def _root(part: MetsRoot) -> str:
    values = {
        "OBJID": part.object_id,
        "LABEL": part.label,
        "TYPE": part.type,
        "csip:OTHERTYPE": part.other_type,
        "csip:CONTENTINFORMATIONTYPE": part.content_information_type,
        "csip:OTHERCONTENTINFORMATIONTYPE": part.other_content_information_type,
        "PROFILE": part.profile,
    }
    return f"<mets{_NAMESPACES}{attributes(values)}>"


def _header(part: MetsHeader) -> str:
    values = {
        "CREATEDATE": part.created_at,
        "LASTMODDATE": part.modified_at,
        "RECORDSTATUS": part.record_status,
        "csip:OAISPACKAGETYPE": part.package_type,
    }
    agents = "".join(map(_agent, part.agents))
    others = "".join(map(_alternative_id, part.alternative_ids))
    return f"<metsHdr{attributes(values)}>{agents}{others}</metsHdr>"


def _agent(each: MetsAgent) -> str:
    values = {
        "ROLE": each.role,
        "OTHERROLE": each.other_role,
        "TYPE": each.type,
        "OTHERTYPE": each.other_type,
    }
    notes = (
        f"<note{attributes({'csip:NOTETYPE': kind})}>{escape(text)}</note>"
        for text, kind in each.notes
    )
    return f"<agent{attributes(values)}>{leaf('name', each.name)}{''.join(notes)}</agent>"


def _alternative_id(each: AlternativeRecordId) -> str:
    return f"<altRecordID{attributes({'TYPE': each.type})}>{escape(each.value)}</altRecordID>"


def _metadata(part: MetadataReference) -> str:
    section = {"ID": part.id, "CREATED": part.created_at, "STATUS": part.status}
    reference = {
        "LOCTYPE": part.locator_type or "URL",
        "MDTYPE": part.metadata_type,
        "OTHERMDTYPE": part.other_metadata_type,
        "MDTYPEVERSION": part.metadata_version,
        "MIMETYPE": part.mime_type,
        "SIZE": "" if part.size_bytes is None else str(part.size_bytes),
        "CREATED": part.referenced_at,
        "CHECKSUM": part.checksum,
        "CHECKSUMTYPE": part.checksum_type,
        # Last, as in a file's entry: the README of an AIP takes digest and name in this order.
        "xlink:type": part.link_type or "simple",
        "xlink:href": part.href,
    }
    return f"<{part.section}{attributes(section)}><mdRef{attributes(reference)}/></{part.section}>"


def _file_group(part: FileGroup) -> str:
    values = {
        "ID": part.id,
        "USE": part.use,
        "ADMID": " ".join(part.administrative_ids),
        "csip:CONTENTINFORMATIONTYPE": part.content_information_type,
        "csip:OTHERCONTENTINFORMATIONTYPE": part.other_content_information_type,
    }
    return f"<fileGrp{attributes(values)}>"


def _file(part: MetsFile) -> str:
    # The hot path: one for each file of an archive. What is usually there is written straight.
    size = "" if part.size_bytes is None else f' SIZE="{part.size_bytes}"'
    checksum = (
        f' CHECKSUM="{escape(part.checksum)}" CHECKSUMTYPE="{escape(part.checksum_type)}"'
        if part.checksum
        else ""
    )
    rare = ""
    if part.owner_id or part.administrative_ids or part.descriptive_ids or part.use:
        rare = attributes(
            {
                "OWNERID": part.owner_id,
                "ADMID": " ".join(part.administrative_ids),
                "DMDID": " ".join(part.descriptive_ids),
                "USE": part.use,
            }
        )
    return (
        f'<file ID="{escape(part.id)}" MIMETYPE="{escape(part.mime_type)}"{size}'
        f' CREATED="{escape(part.created_at)}"{checksum}{rare}>'
        f'<FLocat LOCTYPE="{part.locator_type or "URL"}" xlink:type="{part.link_type or "simple"}"'
        f' xlink:href="{escape(part.href)}"/></file>'
    )


def _structural_map(part: StructuralMap) -> str:
    values = {"ID": part.id, "TYPE": part.type, "LABEL": part.label}
    return f"<structMap{attributes(values)}>"


def _division(part: Division) -> str:
    values = {
        "ID": part.id,
        "LABEL": part.label,
        "TYPE": part.type,
        "DMDID": " ".join(part.descriptive_ids),
        "ADMID": " ".join(part.administrative_ids),
        "CONTENTIDS": " ".join(part.content_ids),
    }
    return f"<div{attributes(values)}>"


def _file_pointer(part: FilePointer) -> str:
    return f"<fptr{attributes({'FILEID': part.file_id})}/>"


def _mets_pointer(part: MetsPointer) -> str:
    values = {
        "LOCTYPE": part.locator_type or "URL",
        "xlink:type": part.link_type or "simple",
        "xlink:href": part.href,
        "xlink:title": part.title,
    }
    return f"<mptr{attributes(values)}/>"


def _start(part: SectionStart) -> str:
    return f"<{part.name}{attributes({'ID': part.id})}>"


def _end(part: SectionEnd) -> str:
    return f"</{part.name}>"


# Any: each renderer takes the class that it is filed under.
_RENDERERS: dict[type, Callable[[Any], str]] = {
    MetsRoot: _root,
    MetsHeader: _header,
    MetadataReference: _metadata,
    FileGroup: _file_group,
    MetsFile: _file,
    StructuralMap: _structural_map,
    Division: _division,
    FilePointer: _file_pointer,
    MetsPointer: _mets_pointer,
    SectionStart: _start,
    SectionEnd: _end,
}
