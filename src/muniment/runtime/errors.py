"""What can go wrong, and what the edges make of it (STYLE §2.5).

    MunimentError
    ├── Invalid               the caller's data                      ContentFailure
    │   ├── InvalidArgument   a wrong argument or setting            exit 2
    │   │   └── InvalidSettings
    │   ├── InvalidPackage    carries the findings                   exit 1
    │   ├── DigestMismatch    bytes that came are not those announced
    │   │   └── BlockMismatch     those of one request of several
    │   ├── TooLarge          more bytes than may come
    │   ├── LengthRequired    bytes without a length: their end would not show
    │   └── TooSlow           bytes that stopped coming
    ├── Unauthenticated       who are you?
    ├── PreconditionRequired  a change that must name what it changes
    ├── Denied                the policy says no
    │   ├── PermissionDenied
    │   └── OnHold
    ├── Conflict              not now, not so
    │   ├── WrongState
    │   ├── VersionConflict
    │   └── Locked            retried
    ├── Missing               not there, or not for you
    │   ├── ObjectMissing
    │   └── VersionMissing
    ├── Unavailable           try later                              SystemFailure, retried
    │   ├── StorageUnavailable
    │   ├── ToolTimeout
    │   ├── ToolFailed
    │   ├── PartnerDown
    │   ├── RateLimited
    │   ├── NoSpace
    │   └── Misconfigured     held at once: no retry can mend it
    ├── Damaged               the bytes are not what was sealed      incident
    │   ├── FixityMismatch
    │   └── CorruptObject
    └── DecisionNeeded        a person must choose                   waits

Anything else that is raised is our bug: a system failure, held at once, exit 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muniment.runtime.findings import Finding


class Outcome(StrEnum):
    """How a step ends when it does not end well (DESIGN §4)."""

    CONTENT_FAILURE = "content_failure"
    SYSTEM_FAILURE = "system_failure"
    DECISION_NEEDED = "decision_needed"
    INCIDENT = "incident"


class MunimentError(Exception):
    """The root: every class says its code, HTTP status, exit code and step outcome."""

    code = "error"
    http = 500
    exit = 3
    outcome = Outcome.SYSTEM_FAILURE
    retried = False


class Invalid(MunimentError):
    """The caller's data is at fault."""

    code = "invalid"
    http = 422
    exit = 1
    outcome = Outcome.CONTENT_FAILURE


class InvalidArgument(Invalid):
    """An argument or a setting has a value that cannot be used."""

    code = "invalid-argument"
    exit = 2


class InvalidSettings(InvalidArgument):
    """Settings have values that cannot be used; `problems` says of each what is wrong."""

    code = "invalid-settings"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {said}" for name, said in problems.items()))
        self.problems = dict(problems)


class InvalidPackage(Invalid):
    """A package breaks the rules; `findings` lists every fault that was found."""

    code = "invalid-package"

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class DigestMismatch(Invalid):
    """The bytes that came are not those that were announced; they were not kept."""

    code = "digest-mismatch"


class BlockMismatch(DigestMismatch):
    """The bytes of one request of several are not those that were announced (tus: 460)."""

    code = "checksum-mismatch"
    http = 460


class TooLarge(Invalid):
    """More bytes than were announced, or than may come."""

    code = "too-large"
    http = 413


class LengthRequired(Invalid):
    """Without a length nobody can tell the end of the bytes from a cut."""

    code = "length-required"
    http = 411


class TooSlow(Invalid):
    """The body of a request stopped coming."""

    code = "too-slow"
    http = 408


class Unauthenticated(MunimentError):
    """Nobody is signed in."""

    code = "unauthenticated"
    http = 401
    exit = 4
    outcome = Outcome.CONTENT_FAILURE


class PreconditionRequired(MunimentError):
    """A change needs If-Match, so that nobody overwrites what they have not seen."""

    code = "precondition-required"
    http = 428
    exit = 2
    outcome = Outcome.CONTENT_FAILURE


class Denied(MunimentError):
    """The policy says no."""

    code = "denied"
    http = 403
    exit = 4
    outcome = Outcome.CONTENT_FAILURE


class PermissionDenied(Denied):
    """This actor may not do this to this thing."""

    code = "permission-denied"


class OnHold(Denied):
    """A hold forbids it."""

    code = "on-hold"
    http = 409


class Conflict(MunimentError):
    """Not now, or not so."""

    code = "conflict"
    http = 409
    exit = 1
    outcome = Outcome.CONTENT_FAILURE


class WrongState(Conflict):
    """The thing is in a state that does not allow it."""

    code = "wrong-state"


class VersionConflict(Conflict):
    """Somebody else made a version first; describe again on the new head."""

    code = "version-conflict"
    http = 412


class Locked(Conflict):
    """Somebody else works on it now."""

    code = "locked"
    http = 423
    exit = 3
    outcome = Outcome.SYSTEM_FAILURE
    retried = True


class Missing(MunimentError):
    """It is not there, or not for this actor."""

    code = "missing"
    http = 404
    exit = 1
    outcome = Outcome.CONTENT_FAILURE


class ObjectMissing(Missing):
    """No such object."""

    code = "object-missing"


class VersionMissing(Missing):
    """The object has no such version."""

    code = "version-missing"


class Unavailable(MunimentError):
    """Something that we need does not answer; it is tried again later.

    `retry_after_s` is the wish of the partner itself, which wins over our own back-off.
    """

    code = "unavailable"
    http = 503
    exit = 3
    outcome = Outcome.SYSTEM_FAILURE
    retried = True

    def __init__(self, message: str = "", *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class StorageUnavailable(Unavailable):
    """Storage could not be read or written."""

    code = "storage-unavailable"


class ToolTimeout(Unavailable):
    """An external tool did not end in time."""

    code = "tool-timeout"


class ToolFailed(Unavailable):
    """An external tool crashed, ate too much or printed garbage."""

    code = "tool-failed"


class PartnerDown(Unavailable):
    """An outside system does not answer."""

    code = "partner-down"


class RateLimited(Unavailable):
    """An outside system asks us to slow down."""

    code = "rate-limited"
    http = 429


class NoSpace(Unavailable):
    """The disk, or the reserve that we keep free on it, is full."""

    code = "no-space"
    http = 507


class Misconfigured(Unavailable):
    """A tool, setting or credential is not fit for use; held at once, an operator must mend it."""

    code = "misconfigured"
    retried = False


class Damaged(MunimentError):
    """Bytes are not what was sealed."""

    code = "damaged"
    exit = 1
    outcome = Outcome.INCIDENT


class FixityMismatch(Damaged):
    """A digest differs from the recorded one."""

    code = "fixity-mismatch"


class CorruptObject(Damaged):
    """An archived object breaks the rules of its own format."""

    code = "corrupt-object"


class DecisionNeeded(MunimentError):
    """A person must choose; `choices` are the codes of what may be chosen."""

    code = "decision-needed"
    http = 409
    outcome = Outcome.DECISION_NEEDED

    def __init__(self, message: str, choices: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.choices = tuple(choices)
