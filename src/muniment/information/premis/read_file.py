"""From the XML element of a file to a File."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from muniment.information.premis.model import PROPERTIES_NAMESPACE, File, Fixity, Format
from muniment.information.premis.read_parts import (
    PremisFault,
    identifiers_of,
    relationships_of,
)
from muniment.information.xml import Node


def read_file(node: Node) -> File:
    """Return the file; several objectCharacteristics (PREMIS §1.5) are joined."""
    parts = list(node.each("objectCharacteristics"))
    ours = next((one for part in parts for one in _our_extension(part)), None)
    return File(
        identifiers=identifiers_of(node, "object"),
        fixity=tuple(_fixity(one) for part in parts for one in part.each("fixity")),
        size_bytes=_size_of(parts),
        formats=tuple(_format(one) for part in parts for one in part.each("format")),
        created_at=next(filter(None, map(_created_at, parts)), ""),
        validity="" if ours is None else ours.element.get("validity", ""),
        properties={} if ours is None else _properties_of(ours),
        original_name=node.text("originalName"),
        location=_location_of(node),
        relationships=relationships_of(node),
    )


def _our_extension(part: Node) -> Iterator[Node]:
    return (
        one
        for extension in part.each("objectCharacteristicsExtension")
        for one in extension.each("properties")
        if one.element.tag == f"{{{PROPERTIES_NAMESPACE}}}properties"
    )


def _properties_of(ours: Node) -> Mapping[str, str]:
    return {one.element.get("name", ""): one.element.text or "" for one in ours.each("property")}


def _size_of(parts: list[Node]) -> int | None:
    text = next(filter(None, (part.text("size") for part in parts)), "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise PremisFault(f"a file has the size {text[:40]!r}")
    return int(text)


def _fixity(node: Node) -> Fixity:
    return Fixity(
        node.text("messageDigestAlgorithm"),
        node.text("messageDigest"),
        node.text("messageDigestOriginator"),
    )


def _format(node: Node) -> Format:
    designation = node.first("formatDesignation")
    registry = node.first("formatRegistry")
    return Format(
        name="" if designation is None else designation.text("formatName"),
        version="" if designation is None else designation.text("formatVersion"),
        registry="" if registry is None else registry.text("formatRegistryName"),
        key="" if registry is None else registry.text("formatRegistryKey"),
        notes=node.texts("formatNote"),
    )


def _created_at(part: Node) -> str:
    dates = (one.text("dateCreatedByApplication") for one in part.each("creatingApplication"))
    return next(filter(None, dates), "")


def _location_of(node: Node) -> str:
    places = (
        one.text("contentLocationValue")
        for storage in node.each("storage")
        for one in storage.each("contentLocation")
    )
    return next(places, "")
