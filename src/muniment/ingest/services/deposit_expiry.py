"""Removing what nobody hands in, and what was handed in and is not needed any more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.db.models import Q, QuerySet

from muniment.ingest.deposit_area import DepositArea, areas_of
from muniment.ingest.form_files import FOLDER_PREFIX
from muniment.ingest.models import Deposit, Submission
from muniment.ingest.types import DepositState, SubmissionState
from muniment.runtime.actor import Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import Locked
from muniment.runtime.home import ArchiveHome
from muniment.work import outbox

_LONGEST_FORM_S = 86_400
_ENDED = [state.value for state in SubmissionState if state.is_ended]


def expire_deposits(
    *, home: ArchiveHome, actor: Actor, clock: Clock, check: Callable[[], None] = lambda: None
) -> dict[str, int]:
    """Remove the bytes of deposits whose time is over, and areas that nobody needs.

    What is handed in, or tried by a dry run, stays until that has ended. Twice in a row, it does
    nothing more. Raises PermissionDenied, StorageUnavailable.
    """
    require(actor, "storage.recover")
    over = Deposit.objects.filter(
        state__in=[DepositState.OPEN, DepositState.FINALISING], expires_at__lt=clock.now()
    ).exclude(submissions__in=_open_submissions())
    expired = 0
    for deposit in over.iterator():
        check()
        expired += _expire(deposit, home)
    return {"expired": expired, "removed": _remove_unneeded(home, clock, check)}


def _open_submissions() -> QuerySet[Submission]:
    return Submission.objects.exclude(state__in=_ENDED)


def _expire(deposit: Deposit, home: ArchiveHome) -> int:
    area = DepositArea.of(home, deposit.deposit_id)
    area.make()
    try:
        with area.held():
            changed = Deposit.objects.filter(pk=deposit.pk, state=deposit.state).update(
                state=DepositState.EXPIRED, error="nobody handed it in before its time was over"
            )
            if changed:
                outbox.add("deposit expired", entity=str(deposit.deposit_id), owner=deposit.owner)
                area.remove()
    except Locked:
        return 0
    return changed


def _is_a_form_under_way(area: Path, clock: Clock) -> bool:
    age_s = clock.now().timestamp() - area.stat().st_mtime
    return area.name.startswith(FOLDER_PREFIX) and age_s < _LONGEST_FORM_S


def _remove_unneeded(home: ArchiveHome, clock: Clock, check: Callable[[], None]) -> int:
    folder = areas_of(home)
    if not folder.is_dir():
        return 0
    needed = Deposit.objects.filter(
        Q(state__in=[DepositState.OPEN, DepositState.FINALISING])
        | Q(submissions__in=_open_submissions())
    )
    kept = {str(each) for each in needed.values_list("deposit_id", flat=True)}
    with storage_errors(str(folder)):
        left = [area for area in folder.iterdir() if area.name not in kept]
        left = [area for area in left if not _is_a_form_under_way(area, clock)]
    for area in left:
        check()
        DepositArea(area).remove()
    return len(left)
