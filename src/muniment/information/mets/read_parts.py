"""From an XML element to a part of METS."""

from __future__ import annotations

from collections.abc import Iterator

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
    MetsPointer,
    MetsRoot,
    SectionStart,
    StructuralMap,
)
from muniment.information.xml import Element, local_name, own_text

_METS = f"{{{METS_NAMESPACE}}}"
_XLINK = f"{{{XLINK_NAMESPACE}}}"
_CSIP = f"{{{CSIP_NAMESPACE}}}"


def _ids(element: Element, name: str) -> tuple[str, ...]:
    return tuple(element.get(name, "").split())


def _children(element: Element, name: str) -> Iterator[Element]:
    tag = _METS + name
    return (each for each in element if each.tag == tag)


def _size(text: str | None) -> int | None:
    """Read a SIZE; None for one that is missing or no number of bytes."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 18:
        return None
    return int(text)


def read_root(element: Element, _: int) -> MetsRoot:
    """Read the attributes of the root."""
    return MetsRoot(
        object_id=element.get("OBJID", ""),
        label=element.get("LABEL", ""),
        type=element.get("TYPE", ""),
        other_type=element.get(_CSIP + "OTHERTYPE", ""),
        content_information_type=element.get(_CSIP + "CONTENTINFORMATIONTYPE", ""),
        other_content_information_type=element.get(_CSIP + "OTHERCONTENTINFORMATIONTYPE", ""),
        profile=element.get("PROFILE", ""),
    )


def read_header(element: Element, _: int) -> MetsHeader:
    """Read a `metsHdr`."""
    return MetsHeader(
        created_at=element.get("CREATEDATE", ""),
        modified_at=element.get("LASTMODDATE", ""),
        record_status=element.get("RECORDSTATUS", ""),
        package_type=element.get(_CSIP + "OAISPACKAGETYPE", ""),
        agents=tuple(map(_agent, _children(element, "agent"))),
        alternative_ids=tuple(
            AlternativeRecordId(own_text(each), each.get("TYPE", ""))
            for each in _children(element, "altRecordID")
        ),
    )


def _agent(element: Element) -> MetsAgent:
    name = next(_children(element, "name"), None)
    return MetsAgent(
        role=element.get("ROLE", ""),
        type=element.get("TYPE", ""),
        other_type=element.get("OTHERTYPE", ""),
        other_role=element.get("OTHERROLE", ""),
        name="" if name is None else own_text(name),
        notes=tuple(
            (own_text(each), each.get(_CSIP + "NOTETYPE", ""))
            for each in _children(element, "note")
        ),
    )


def read_metadata(element: Element, _: int) -> MetadataReference:
    """Read one metadata section with its mdRef, if it has one."""
    reference = next(_children(element, "mdRef"), None)
    attributes = {} if reference is None else reference.attrib
    return MetadataReference(
        section=local_name(element.tag),
        id=element.get("ID", ""),
        created_at=element.get("CREATED", ""),
        status=element.get("STATUS", ""),
        is_reference=reference is not None,
        href=attributes.get(_XLINK + "href", ""),
        locator_type=attributes.get("LOCTYPE", ""),
        link_type=attributes.get(_XLINK + "type", ""),
        metadata_type=attributes.get("MDTYPE", ""),
        other_metadata_type=attributes.get("OTHERMDTYPE", ""),
        metadata_version=attributes.get("MDTYPEVERSION", ""),
        mime_type=attributes.get("MIMETYPE", ""),
        size_bytes=_size(attributes.get("SIZE")),
        referenced_at=attributes.get("CREATED", ""),
        checksum=attributes.get("CHECKSUM", ""),
        checksum_type=attributes.get("CHECKSUMTYPE", ""),
    )


def read_section(element: Element, _: int) -> SectionStart:
    """Read the start of an `amdSec` or `fileSec`."""
    return SectionStart(local_name(element.tag), element.get("ID", ""))


def read_file_group(element: Element, depth: int) -> FileGroup:
    """Read the start of a `fileGrp`."""
    return FileGroup(
        id=element.get("ID", ""),
        use=element.get("USE", ""),
        content_information_type=element.get(_CSIP + "CONTENTINFORMATIONTYPE", ""),
        other_content_information_type=element.get(_CSIP + "OTHERCONTENTINFORMATIONTYPE", ""),
        administrative_ids=_ids(element, "ADMID"),
        depth=depth,
    )


def read_file(element: Element, _: int) -> MetsFile:
    """Read a `file` and its locators."""
    attributes = element.attrib
    locators = list(_children(element, "FLocat"))
    locator = locators[0].attrib if locators else {}
    return MetsFile(
        id=attributes.get("ID", ""),
        href=locator.get(_XLINK + "href", ""),
        mime_type=attributes.get("MIMETYPE", ""),
        size_bytes=_size(attributes.get("SIZE")),
        created_at=attributes.get("CREATED", ""),
        checksum=attributes.get("CHECKSUM", ""),
        checksum_type=attributes.get("CHECKSUMTYPE", ""),
        owner_id=attributes.get("OWNERID", ""),
        administrative_ids=_ids(element, "ADMID"),
        descriptive_ids=_ids(element, "DMDID"),
        use=attributes.get("USE", ""),
        locator_type=locator.get("LOCTYPE", ""),
        link_type=locator.get(_XLINK + "type", ""),
        locator_count=len(locators),
    )


def read_structural_map(element: Element, _: int) -> StructuralMap:
    """Read the start of a `structMap`."""
    return StructuralMap(
        id=element.get("ID", ""), type=element.get("TYPE", ""), label=element.get("LABEL", "")
    )


def read_division(element: Element, depth: int) -> Division:
    """Read the start of a `div`."""
    return Division(
        id=element.get("ID", ""),
        label=element.get("LABEL", ""),
        type=element.get("TYPE", ""),
        descriptive_ids=_ids(element, "DMDID"),
        administrative_ids=_ids(element, "ADMID"),
        content_ids=_ids(element, "CONTENTIDS"),
        depth=depth,
    )


def read_file_pointer(element: Element, depth: int) -> FilePointer:
    """Read an `fptr` of the division at `depth`."""
    return FilePointer(element.get("FILEID", ""), depth)


def read_mets_pointer(element: Element, depth: int) -> MetsPointer:
    """Read an `mptr` of the division at `depth`."""
    return MetsPointer(
        href=element.get(_XLINK + "href", ""),
        title=element.get(_XLINK + "title", ""),
        locator_type=element.get("LOCTYPE", ""),
        link_type=element.get(_XLINK + "type", ""),
        depth=depth,
    )
