"""From the XML element of a file to a File."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from muniment.information.premis.model import PROPERTIES_NAMESPACE, File, Fixity, Format
from muniment.information.premis.read_parts import (
    PremisFault,
    children,
    identifiers_of,
    relationships_of,
    text_of,
    texts_of,
)
from muniment.information.xml import Element, own_text


def read_file(element: Element) -> File:
    """Return the file; several objectCharacteristics (PREMIS §1.5) are joined."""
    parts = list(children(element, "objectCharacteristics"))
    ours = next((one for part in parts for one in _our_extension(part)), None)
    return File(
        identifiers=identifiers_of(element, "object"),
        fixity=tuple(_fixity(one) for part in parts for one in children(part, "fixity")),
        size_bytes=_size_of(parts),
        formats=tuple(_format(one) for part in parts for one in children(part, "format")),
        created_at=next(filter(None, map(_created_at, parts)), ""),
        validity="" if ours is None else ours.get("validity", ""),
        properties={} if ours is None else _properties_of(ours),
        original_name=text_of(element, "originalName"),
        location=_location_of(element),
        relationships=relationships_of(element),
    )


def _our_extension(part: Element) -> Iterator[Element]:
    return (
        one
        for extension in children(part, "objectCharacteristicsExtension")
        for one in extension
        if one.tag == f"{{{PROPERTIES_NAMESPACE}}}properties"
    )


def _properties_of(ours: Element) -> Mapping[str, str]:
    return {one.get("name", ""): own_text(one) for one in children(ours, "property")}


def _size_of(parts: list[Element]) -> int | None:
    text = next(filter(None, (text_of(part, "size") for part in parts)), "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise PremisFault(f"a file has the size {text[:40]!r}")
    return int(text)


def _fixity(element: Element) -> Fixity:
    return Fixity(
        text_of(element, "messageDigestAlgorithm"),
        text_of(element, "messageDigest"),
        text_of(element, "messageDigestOriginator"),
    )


def _format(element: Element) -> Format:
    designation = next(children(element, "formatDesignation"), None)
    registry = next(children(element, "formatRegistry"), None)
    return Format(
        name="" if designation is None else text_of(designation, "formatName"),
        version="" if designation is None else text_of(designation, "formatVersion"),
        registry="" if registry is None else text_of(registry, "formatRegistryName"),
        key="" if registry is None else text_of(registry, "formatRegistryKey"),
        notes=texts_of(element, "formatNote"),
    )


def _created_at(part: Element) -> str:
    dates = (
        text_of(one, "dateCreatedByApplication") for one in children(part, "creatingApplication")
    )
    return next(filter(None, dates), "")


def _location_of(element: Element) -> str:
    places = (
        text_of(one, "contentLocationValue")
        for storage in children(element, "storage")
        for one in children(storage, "contentLocation")
    )
    return next(places, "")
