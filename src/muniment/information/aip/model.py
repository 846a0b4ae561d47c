"""What a package is written from, and what is read back from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from muniment.information.dublin_core import DublinCore
from muniment.information.identifiers import ObjectId
from muniment.information.premis import Agent, Event, Identifier, RightsStatement


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedFile:
    """One file of a representation.

    `path` is below the representation's `data/`; `original_name` is the path as received. Digests
    are lower-case hex by our algorithm names, sha512 always among them. `puid` is "" where nothing
    was identified; `validity` is one of the outcomes of examination or "". `properties` are
    technical metadata under flat dotted names. `modified_at` is ISO 8601 or "".
    """

    path: str
    file_id: str
    size_bytes: int
    digests: Mapping[str, str]
    original_name: str = ""
    mime_type: str = ""
    puid: str = ""
    format_name: str = ""
    format_version: str = ""
    basis: str = ""
    warnings: tuple[str, ...] = ()
    validity: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    modified_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionFile:
    """One file that came with the content: `path` is below `submission/`."""

    path: str
    size_bytes: int
    digests: Mapping[str, str]
    mime_type: str = ""
    modified_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentationDescription:
    """One representation. `files` and `events` may be called more than once and give the same.

    Agents are those of its events. `empty_folders` are paths below `data/`.
    """

    name: str
    files: Callable[[], Iterator[DescribedFile]]
    events: Callable[[], Iterator[Event]] = lambda: iter(())
    agents: tuple[Agent, ...] = ()
    empty_folders: tuple[str, ...] = ()
    original_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRepresentation:
    """A representation that stays as it is in the version before: only its METS is pointed to."""

    name: str
    mets_size_bytes: int
    mets_sha512: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AipDescription:
    """One version of one object. `created_at` is the time of this version, aware.

    `events`, `agents` and `rights` are those of the entity, earlier versions' included;
    `identifiers` are the outside ones. `submission` may be called more than once.
    """

    object_id: ObjectId
    created_at: datetime
    software_version: str
    representations: tuple[RepresentationDescription | KeptRepresentation, ...]
    identifiers: tuple[Identifier, ...] = ()
    dublin_core: DublinCore = DublinCore()  # noqa: RUF009  # frozen and empty
    events: Callable[[], Iterator[Event]] = lambda: iter(())
    agents: tuple[Agent, ...] = ()
    rights: tuple[RightsStatement, ...] = ()
    submission: Callable[[], Iterator[SubmissionFile]] = lambda: iter(())
    original_name: str = ""
    content_category: str = "Other"
    other_content_category: str = "Unspecified"


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that `write_aip` made: where it lies in the version, and the digests of its bytes."""

    logical_path: str
    size_bytes: int
    digests: Mapping[str, str]
