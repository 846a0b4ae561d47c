"""What becomes of a refused package, and what a dry run holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.catalogue.models import Reservation
from muniment.ingest.services.quarantine import quarantined_one, remove
from muniment.runtime.actor import Role, actor_with
from muniment.runtime.errors import PermissionDenied
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import a_bag

ADA = actor_with("ada", Role.DEPOSITOR)


def test_whoever_may_only_see_their_refused_package_does_not_remove_it(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    bag = a_bag(tmp_path / "bag")
    (bag / "data" / "list.csv").write_bytes(b"altered")
    submission = open_archive.hand_in(bag, ADA)
    assert submission.state == "refused"
    with pytest.raises(PermissionDenied):
        remove(submission, actor=ADA)
    _, place = quarantined_one(str(submission.submission_id), actor=ADA)
    assert (place / "package").is_dir()
    submission.refresh_from_db()
    assert submission.in_quarantine


def test_a_dry_run_holds_no_identifier(open_archive: OpenArchive, tmp_path: Path) -> None:
    info = "Source-Organization: Port\nExternal-Identifier: 7\n"
    submission = open_archive.hand_in(a_bag(tmp_path / "bag", info=info), ADA, dry_run=True)
    assert (submission.state, submission.object_id) == ("would_accept", None)
    assert not Reservation.objects.exists()
