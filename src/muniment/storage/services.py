"""What archival storage does for the others: seal, check, export, recover."""

from __future__ import annotations

import logging

from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.failpoints import failpoint
from muniment.storage.copies import record_copies_of, record_copy
from muniment.storage.ports import StorageRoot
from muniment.storage.types import Recovered, SealedVersion, StagedVersion

log = logging.getLogger(__name__)


def seal(staged: StagedVersion, *, root: StorageRoot, actor: Actor, clock: Clock) -> SealedVersion:
    """Make a version of what was staged: verified, durable, whole, or not at all.

    Idempotent: the same staged version again gives the version that is there. Sources are hard
    linked where possible and lose their write permission: nobody may write them in place after
    this. The version's copy becomes a row after its bytes; whoever catalogues the version tells the
    ledger (`sealings`). Raises PermissionDenied and what `StorageRoot.seal` raises. Source: archive
    spec §3.
    """
    require(actor, "object.add_version")
    started_s = clock.monotonic_s()
    sealed = root.seal(staged)
    failpoint("seal.returned")
    record_copy(sealed, None if sealed.was_there else clock.now())
    log.info(
        "version sealed",
        extra={
            "object_id": sealed.object_id,
            "version": sealed.number,
            "size_bytes": sealed.size_bytes,
            "was_there": sealed.was_there,
            "seconds": clock.monotonic_s() - started_s,
        },
    )
    return sealed


def keep_sealed(object_id: ObjectId, *, root: StorageRoot, actor: Actor) -> None:
    """Make the rows of versions that stand in storage and that a crash let us forget. Idempotent.

    Raises PermissionDenied and what `StorageRoot.open_version` raises.
    """
    require(actor, "object.add_version")
    record_copies_of(object_id, root)


def recover(*, root: StorageRoot, actor: Actor) -> list[Recovered]:
    """Complete or roll back what a crash interrupted; run twice, it does nothing more.

    Raises PermissionDenied, Locked (something is being sealed now), StorageUnavailable.
    """
    require(actor, "storage.recover")
    done = root.recover()
    for each in done:
        log.info("recovered", extra=each.as_json())
    return done


def foresee_recovery(*, root: StorageRoot, actor: Actor) -> list[Recovered]:
    """Say what `recover` would do now; changes nothing. Raises as it does."""
    require(actor, "storage.recover")
    return root.recoverable()
