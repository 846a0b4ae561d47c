"""PREMIS 3.0 as dataclasses, with a streaming writer and a streaming reader."""

from __future__ import annotations

from muniment.information.premis.model import (
    PREMIS_NAMESPACE,
    PROPERTIES_NAMESPACE,
    Agent,
    Event,
    EventOutcome,
    File,
    Fixity,
    Format,
    Identifier,
    IntellectualEntity,
    Link,
    PremisObject,
    PremisUnit,
    Relationship,
    Representation,
    RightsGranted,
    RightsStatement,
    uuid_identifier,
)
from muniment.information.premis.reader import read_premis
from muniment.information.premis.term_days import is_date, term_days
from muniment.information.premis.writer import PremisWriter, render

__all__ = [
    "PREMIS_NAMESPACE",
    "PROPERTIES_NAMESPACE",
    "Agent",
    "Event",
    "EventOutcome",
    "File",
    "Fixity",
    "Format",
    "Identifier",
    "IntellectualEntity",
    "Link",
    "PremisObject",
    "PremisUnit",
    "PremisWriter",
    "Relationship",
    "Representation",
    "RightsGranted",
    "RightsStatement",
    "is_date",
    "read_premis",
    "render",
    "term_days",
    "uuid_identifier",
]
