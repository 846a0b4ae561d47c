"""The semantic units of PREMIS 3.0 that we write, and that we read from others.

Field order follows the data dictionary. Dates stay text, since PREMIS allows EDTF.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

PREMIS_NAMESPACE = "http://www.loc.gov/premis/v3"
PROPERTIES_NAMESPACE = "urn:muniment:properties:1"
"""Our objectCharacteristicsExtension: flat technical properties of one file."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A value with the type that says where it is unique (`UUID`, `doi`, `cern-sip:<source>`…)."""

    type: str
    value: str


def uuid_identifier(value: str) -> Identifier:
    """Return an identifier of our own: type `UUID`."""
    return Identifier("UUID", value)


@dataclass(frozen=True, slots=True)
class Link:
    """A pointer to an object, agent, event or rights statement, with roles. PREMIS §2.7, §2.8."""

    identifier: Identifier
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fixity:
    """A message digest in lower-case hex; `algorithm` as PREMIS names it. PREMIS §1.5.2."""

    algorithm: str
    digest: str
    originator: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """A format by designation, by registry key, or both. PREMIS §1.5.4."""

    name: str = ""
    version: str = ""
    registry: str = ""
    key: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relationship:
    """How an object relates to others. PREMIS §1.13."""

    type: str
    sub_type: str
    objects: tuple[Identifier, ...]
    events: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IntellectualEntity:
    """The unit of management; `significant_properties` are (type, value) pairs. PREMIS §1.2."""

    identifiers: tuple[Identifier, ...]
    significant_properties: tuple[tuple[str, str], ...] = ()
    original_name: str = ""
    relationships: tuple[Relationship, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """The set of files that makes an entity usable in one form. PREMIS §1.2."""

    identifiers: tuple[Identifier, ...]
    significant_properties: tuple[tuple[str, str], ...] = ()
    original_name: str = ""
    relationships: tuple[Relationship, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A named sequence of bytes.

    `location` is its path in the package; `validity` and `properties` are our extension
    (`""` and empty in files that others described). `created_at` is the time that the producer's
    file system gave.
    """

    identifiers: tuple[Identifier, ...]
    fixity: tuple[Fixity, ...] = ()
    size_bytes: int | None = None
    formats: tuple[Format, ...] = ()
    created_at: str = ""
    validity: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    original_name: str = ""
    location: str = ""
    relationships: tuple[Relationship, ...] = ()


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """One outcome of an event with its notes. PREMIS §2.5."""

    outcome: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that was done to objects, by agents. PREMIS §2."""

    identifier: Identifier
    event_type: str
    occurred_at: str
    details: tuple[str, ...] = ()
    outcomes: tuple[EventOutcome, ...] = ()
    agents: tuple[Link, ...] = ()
    objects: tuple[Link, ...] = ()

    @property
    def detail(self) -> str:
        """The details as one text."""
        return "\n".join(self.details)

    @property
    def outcome(self) -> str:
        """The first outcome, "" where there is none."""
        return self.outcomes[0].outcome if self.outcomes else ""

    @property
    def outcome_detail(self) -> str:
        """The notes of all outcomes as one text."""
        return "\n".join(note for each in self.outcomes for note in each.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Who or what did it: `agent_type` is software, person, organization or hardware. PREMIS §3."""

    identifiers: tuple[Identifier, ...]
    names: tuple[str, ...] = ()
    agent_type: str = ""
    version: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsGranted:
    """What may be done, with which restrictions and until when ("" = no limit). PREMIS §4.1.6."""

    act: str
    restrictions: tuple[str, ...] = ()
    starts_at: str = ""
    ends_at: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsStatement:
    """On what basis something is allowed. PREMIS §4.1.

    `basis` is copyright, license, statute or other words; `terms` is the copyright status, the
    licence terms or the statute's citation; `jurisdiction` goes with copyright and statute.
    """

    identifier: Identifier
    basis: str
    terms: str = ""
    jurisdiction: str = ""
    notes: tuple[str, ...] = ()
    documentation: tuple[Identifier, ...] = ()
    granted: tuple[RightsGranted, ...] = ()
    objects: tuple[Link, ...] = ()
    agents: tuple[Link, ...] = ()


PremisObject: TypeAlias = IntellectualEntity | Representation | File
PremisUnit: TypeAlias = PremisObject | Event | Agent | RightsStatement
