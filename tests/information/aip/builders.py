"""Builders of packages: real descriptions of real bytes, with defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256, sha512
from pathlib import Path
from typing import BinaryIO

from muniment.information.aip import (
    AipDescription,
    DescribedFile,
    Opener,
    RepresentationDescription,
    SubmissionFile,
)
from muniment.information.dublin_core import DublinCore, DublinCoreValue
from muniment.information.identifiers import ObjectId, agent_id, event_id, file_id
from muniment.information.premis import (
    Agent,
    Event,
    EventOutcome,
    Identifier,
    Link,
    RightsGranted,
    RightsStatement,
    uuid_identifier,
)

OBJECT_ID = ObjectId("0190b3c4-5e6f-7a8b-9c0d-1e2f3a4b5c6d")
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def digests_of(content: bytes) -> Mapping[str, str]:
    return {"sha512": sha512(content).hexdigest(), "sha256": sha256(content).hexdigest()}


def a_file(path: str = "a.txt", content: bytes = b"a", **changes: object) -> DescribedFile:
    digests = digests_of(content)
    members: dict[str, object] = {
        "path": path,
        "file_id": file_id(OBJECT_ID, "original", path, digests["sha512"]),
        "size_bytes": len(content),
        "digests": digests,
        "original_name": path,
        "mime_type": "text/plain",
        "puid": "x-fmt/111",
        "format_name": "Plain Text File",
        "basis": "extension match txt",
        "validity": "valid",
        "properties": {"text.encoding": "utf-8"},
        "modified_at": "2025-01-02T03:04:05+00:00",
    }
    return DescribedFile(**(members | changes))  # type: ignore[arg-type]  # a builder's keywords


SOFTWARE = Agent(
    identifiers=(uuid_identifier(agent_id("software", "Muniment", "0.1.0")),),
    names=("Muniment",),
    agent_type="software",
    version="0.1.0",
)


def an_event(event_type: str = "ingestion", detail: str = "reason=ingest") -> Event:
    return Event(
        identifier=uuid_identifier(event_id(OBJECT_ID, event_type)),
        event_type=event_type,
        occurred_at="2026-03-01T12:00:00Z",
        details=(detail,),
        outcomes=(EventOutcome("success", ("done",)),),
        agents=(Link(SOFTWARE.identifiers[0], ("executing program",)),),
        objects=(Link(uuid_identifier(OBJECT_ID), ("outcome",)),),
    )


A_LICENCE = RightsStatement(
    identifier=uuid_identifier(event_id(OBJECT_ID, "rights")),
    basis="license",
    terms="CC BY 4.0",
    granted=(RightsGranted(act="disseminate", restrictions=("none",), ends_at="2099-12-31"),),
)
DESCRIPTION = DublinCore(
    (
        DublinCoreValue("title", "Letters & papers", "en"),
        DublinCoreValue("title", "Lettres et papiers", "fr"),
        DublinCoreValue("creator", "Ada"),
    )
)


def a_representation(
    files: Iterable[DescribedFile] = (), name: str = "original", **changes: object
) -> RepresentationDescription:
    listed = list(files)
    members: dict[str, object] = {
        "name": name,
        "files": lambda: iter(listed),
        "events": lambda: iter([an_event("virus check", "")]),
        "agents": (SOFTWARE,),
    }
    return RepresentationDescription(**(members | changes))  # type: ignore[arg-type]  # as above


def a_description(**changes: object) -> AipDescription:
    members: dict[str, object] = {
        "object_id": OBJECT_ID,
        "created_at": AT,
        "software_version": "0.1.0",
        "representations": (a_representation([a_file()]),),
        "identifiers": (Identifier("cern-sip:local", "42"),),
        "dublin_core": DESCRIPTION,
        "events": lambda: iter([an_event()]),
        "agents": (SOFTWARE,),
        "rights": (A_LICENCE,),
    }
    return AipDescription(**(members | changes))  # type: ignore[arg-type]  # as above


def a_submission_file(path: str, content: bytes) -> SubmissionFile:
    return SubmissionFile(path=path, size_bytes=len(content), digests=digests_of(content))


def opener_of(folder: Path) -> Opener:
    def open_path(logical_path: str) -> BinaryIO:
        return (folder / logical_path).open("rb")

    return open_path


def put(folder: Path, path: str, content: bytes) -> None:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
