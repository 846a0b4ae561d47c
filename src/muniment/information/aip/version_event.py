"""The event that says why a version was made, and by whom: read again by `muniment rebuild`.

Its eventDetail holds key=value pairs, values percent-encoded, separated by `; `.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import quote, unquote

from muniment.information.premis import Event

RIGHTS_STATED = "rights stated"
"""Note of the outcome where metadata were edited and the description stayed as it was."""


class VersionReason(StrEnum):
    """Why there is a version (DESIGN §3)."""

    INGEST = "ingest"
    RE_INGEST = "re-ingest"
    PRESERVATION_ACTION = "preservation-action"
    METADATA_EDIT = "metadata-edit"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class VersionStory:
    """Reason, submission (its UUID), pipeline (its name) and owner (the depositor's name)."""

    reason: VersionReason
    submission: str = ""
    pipeline: str = ""
    owner: str = ""

    def as_detail(self) -> str:
        """Return the eventDetail; values that are empty are left out."""
        pairs = {
            "reason": self.reason.value,
            "submission": self.submission,
            "pipeline": self.pipeline,
            "owner": self.owner,
        }
        return "; ".join(f"{key}={quote(value, safe='')}" for key, value in pairs.items() if value)

    @classmethod
    def of(cls, event: Event) -> Self | None:
        """Read it from an event; None when the event does not make a version."""
        pairs = dict(part.partition("=")[::2] for part in event.detail.split("; ") if "=" in part)
        reason = pairs.get("reason", "")
        if reason not in set(VersionReason):
            return None
        return cls(
            VersionReason(reason),
            *(unquote(pairs.get(key, "")) for key in ("submission", "pipeline", "owner")),
        )
