"""DataCite 3 and 4 to Dublin Core, after the mapping that the DataCite schema documents."""

from __future__ import annotations

from collections.abc import Iterable

from muniment.information.crosswalks.rules import Rule, texts_below, typed_identifier, whole_text
from muniment.information.xml import Element

NAMESPACES = "http://datacite.org/schema/kernel-"
_BOX = ("northBoundLatitude", "southBoundLatitude", "eastBoundLongitude", "westBoundLongitude")


def _person(name: str) -> Rule:
    """A name as it is written: `Family, Given`."""
    terms = {"RightsHolder": "rightsHolder"} if name == "contributor" else {}
    return Rule(
        path=f"{name}s/{name}",
        by="contributorType" if terms else "",
        terms=terms,
        term=name,
        texts=lambda element: texts_below(element, f"{name}Name")[:1],
    )


def _attribute(name: str) -> Rule:
    return Rule(
        path="rightsList/rights",
        by=name,
        chosen=lambda _: "",
        term="license",
        texts=lambda element: [element.get(name, "").strip()],
    )


def _general_type(element: Element) -> Iterable[str]:
    yield element.get("resourceTypeGeneral", "").strip()
    yield from whole_text(element)


def _point(element: Element) -> Iterable[str]:
    """A point as the DCMI writes it."""
    latitude, longitude = (texts_below(element, f"point{name}") for name in _COORDINATES)
    if latitude and longitude:
        yield f"east={longitude[0]}; north={latitude[0]}"


_COORDINATES = ("Latitude", "Longitude")


def _box(element: Element) -> Iterable[str]:
    """A box as the DCMI writes it."""
    north, south, east, west = (texts_below(element, name) for name in _BOX)
    if north and south and east and west:
        yield (
            f"northlimit={north[0]}; southlimit={south[0]}; "
            f"eastlimit={east[0]}; westlimit={west[0]}"
        )


RULES = (
    Rule(
        path="titles/title",
        by="titleType",
        terms=dict.fromkeys(
            ("AlternativeTitle", "Subtitle", "TranslatedTitle", "Other"), "alternative"
        ),
        term="title",
    ),
    _person("creator"),
    _person("contributor"),
    Rule(path="publisher", term="publisher"),
    Rule(path="publicationYear", term="issued"),
    Rule(path="resourceType", term="type", texts=_general_type),
    Rule(path="subjects/subject", term="subject"),
    Rule(
        path="dates/date",
        by="dateType",
        terms={
            "Accepted": "dateAccepted",
            "Available": "available",
            "Copyrighted": "dateCopyrighted",
            "Coverage": "temporal",
            "Created": "created",
            "Issued": "issued",
            "Submitted": "dateSubmitted",
            "Updated": "modified",
            "Valid": "valid",
        },
        term="date",
    ),
    Rule(path="language", term="language"),
    Rule(path="identifier", term="identifier", texts=typed_identifier("identifierType")),
    Rule(
        path="alternateIdentifiers/alternateIdentifier",
        term="identifier",
        texts=typed_identifier("alternateIdentifierType"),
    ),
    Rule(
        path="relatedIdentifiers/relatedIdentifier",
        by="relationType",
        terms={
            "IsPartOf": "isPartOf",
            "HasPart": "hasPart",
            "IsVersionOf": "isVersionOf",
            "IsNewVersionOf": "replaces",
            "Obsoletes": "replaces",
            "IsPreviousVersionOf": "isReplacedBy",
            "IsObsoletedBy": "isReplacedBy",
            "HasVersion": "hasVersion",
            "IsVariantFormOf": "isFormatOf",
            "IsOriginalFormOf": "hasFormat",
            "IsDerivedFrom": "source",
            "Cites": "references",
            "References": "references",
            "IsCitedBy": "isReferencedBy",
            "IsReferencedBy": "isReferencedBy",
            "Requires": "requires",
            "IsRequiredBy": "isRequiredBy",
        },
        term="relation",
        texts=typed_identifier("relatedIdentifierType"),
    ),
    Rule(path="sizes/size", term="extent"),
    Rule(path="formats/format", term="format"),
    Rule(path="rightsList/rights", term="rights"),
    _attribute("rightsURI"),
    Rule(
        path="descriptions/description",
        by="descriptionType",
        terms={"Abstract": "abstract", "TableOfContents": "tableOfContents"},
        term="description",
    ),
    Rule(path="geoLocations/geoLocation/geoLocationPlace", term="spatial"),
    Rule(path="geoLocations/geoLocation/geoLocationPoint", term="spatial", texts=_point),
    Rule(path="geoLocations/geoLocation/geoLocationBox", term="spatial", texts=_box),
)
