"""The words of ingest."""

from __future__ import annotations

from enum import StrEnum


class SubmissionState(StrEnum):
    """Where a submission is; the last seven are verdicts (DESIGN §6)."""

    QUEUED = "queued"
    RUNNING = "running"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"
    HELD = "held"
    CANCELLED = "cancelled"
    WOULD_ACCEPT = "would_accept"
    WOULD_REFUSE = "would_refuse"

    @property
    def is_ended(self) -> bool:
        """Say whether nothing more will happen by itself and nobody is asked."""
        return self not in {self.QUEUED, self.RUNNING, self.HELD}

    @property
    def is_verdict(self) -> bool:
        """Say whether a waiting caller can be answered."""
        return self not in {self.QUEUED, self.RUNNING}

    @property
    def exit_code(self) -> int:
        """Return the exit code of a command that waited for this (DESIGN §6)."""
        if self in {self.FAILED, self.HELD}:
            return 3
        return 1 if self in {self.REFUSED, self.WOULD_REFUSE, self.CANCELLED} else 0


class StepState(StrEnum):
    """Where a step of one submission is."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    WAITING = "waiting"


class Decision(StrEnum):
    """What a person chose where the archive must not choose by itself."""

    ADD_VERSION = "add-version"
    NEW_OBJECT = "new-object"
    REFUSE = "refuse"


class DepositKind(StrEnum):
    """What is uploaded: the files of a package, or one file that is a package."""

    FILES = "files"
    SIP = "sip"


class DepositState(StrEnum):
    """Where a deposit is; `finalising` is taken up again when it was cut off."""

    OPEN = "open"
    FINALISING = "finalising"
    DONE = "done"
    EXPIRED = "expired"
