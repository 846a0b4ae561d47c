"""What a version's own event says about why, for whom and from where it was made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from muniment.catalogue.indexing.names import as_uuid
from muniment.information.aip import VersionReason, VersionStory

LOCAL = "local"
"""The source of what was handed in on this machine."""


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """Reason, submission, pipeline, owner and source of one version."""

    reason: VersionReason
    submission_id: str | None
    pipeline: str
    owner: str
    source: str


def facts_of(
    story: VersionStory | None, number: int, identifiers: Iterable[tuple[str, str]]
) -> VersionFacts:
    """Return the facts of a version; without a story, the first one is an ingest."""
    if story is None:
        story = VersionStory(VersionReason.INGEST if number == 1 else VersionReason.RE_INGEST)
    return VersionFacts(
        reason=story.reason,
        submission_id=as_uuid("submission", story.submission) if story.submission else None,
        pipeline=story.pipeline[:255],
        owner=story.owner[:255],
        source=_source_of(identifiers),
    )


def _source_of(identifiers: Iterable[tuple[str, str]]) -> str:
    """Return the source that an identifier names: `cern-sip:cds` says `cds`."""
    named = (kind.partition(":")[2] for kind, _ in identifiers if kind.startswith("cern-sip:"))
    return next((name[:255] for name in named if name), LOCAL)
