"""Deposits beneath their edges: kills at every place, and what time removes."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from muniment.ingest.deposit_area import DepositArea, areas_of
from muniment.ingest.models import Deposit, DepositFile, Submission
from muniment.ingest.services import deposits, uploads
from muniment.ingest.services.deposit_expiry import expire_deposits
from muniment.ingest.types import DepositState
from muniment.runtime.actor import SYSTEM, Role, actor_with
from muniment.runtime.clock import FakeClock
from muniment.runtime.errors import PermissionDenied, WrongState
from tests.archives import Archive
from tests.ingest.open_archive import OpenArchive

DATA = b"Dear Ada, the ship leaves at noon.\n"
SOURCE = Path(uploads.__file__).parents[1]
CHILD = """
import sys
from io import BytesIO
from muniment.site.bootstrap import clock, local_administrator, open_archive
open_archive()
from muniment.ingest.services import deposits, uploads
from muniment.ingest.models import Deposit
who = local_administrator()
found = Deposit.objects.first() or deposits.create_deposit(
    deposits.NewDeposit(title="letters"), actor=who, clock=clock())
data = sys.argv[1].encode()
if not found.files.exists():
    uploads.begin_file(found, uploads.NewFile(b"a.txt", len(data), {}), actor=who)
file = found.files.get()
at = uploads.offset_of(file)
if at < len(data):
    uploads.receive(file, uploads.Block(BytesIO(data[at:]), at, None), actor=who)
print(deposits.finalise(found, deposits.Finalising(), actor=who, clock=clock()).submission_id)
"""


def failpoints() -> list[str]:
    """Read the names from the code, so that a new one is tested by itself."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        found.update(re.findall(r'failpoint\("(deposit\.[^"]+)"\)', file.read_text("utf-8")))
    return sorted(found)


def child(archive: Archive, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Upload and hand in one file, going on where an earlier one was ended."""
    return subprocess.run(
        [sys.executable, "-c", CHILD, DATA.decode()],
        env=archive.environment(**environment),
        cwd=archive.home.parent,
        capture_output=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", failpoints())
def test_a_kill_anywhere_leaves_one_submission_and_every_byte(archive: Archive, name: str) -> None:
    died = child(archive, MUNIMENT_FAILPOINT=name)
    assert died.returncode == -signal.SIGKILL, died.stderr
    parts = [
        each.read_bytes()
        for each in (archive.home / "work" / "deposits").rglob("*")
        if each.is_file()
    ]
    assert DATA in parts
    ended = child(archive)
    assert ended.returncode == 0, ended.stderr.decode()
    assert archive.run("worker", "--once").code == 0
    submissions = archive.run("submission", "list", "--json").json()["submissions"]
    assert [each["verdict"] for each in submissions] == ["accepted"]
    assert submissions[0]["source_path"].endswith("/letters")
    assert not list((archive.home / "work" / "deposits").iterdir())


def a_deposit(archive: OpenArchive, *, complete: bool = True) -> Deposit:
    """A deposit of one file."""
    from io import BytesIO

    made = deposits.create_deposit(
        deposits.NewDeposit(title="letters", pipeline="short"), actor=SYSTEM, clock=archive.clock
    )
    file, _ = uploads.begin_file(made, uploads.NewFile(b"a.txt", len(DATA), {}), actor=SYSTEM)
    sent = DATA if complete else DATA[:5]
    uploads.receive(file, uploads.Block(BytesIO(sent), 0, None), actor=SYSTEM)
    made.refresh_from_db()
    return made


def expire(archive: OpenArchive, *, days: float) -> dict[str, int]:
    """Look for what is old, some days from now."""
    clock = FakeClock(datetime.now(UTC) + timedelta(days=days))
    return expire_deposits(home=archive.home, actor=SYSTEM, clock=clock)


def test_time_removes_what_nobody_hands_in(open_archive: OpenArchive) -> None:
    deposit = a_deposit(open_archive, complete=False)
    assert expire(open_archive, days=6.9) == {"expired": 0, "removed": 0}
    assert expire(open_archive, days=7.1) == {"expired": 1, "removed": 0}
    assert expire(open_archive, days=7.1) == {"expired": 0, "removed": 0}
    deposit.refresh_from_db()
    assert deposit.state == DepositState.EXPIRED
    assert not DepositArea.of(open_archive.home, deposit.deposit_id).path.exists()
    with pytest.raises(WrongState):
        deposits.finalise(deposit, deposits.Finalising(), actor=SYSTEM, clock=open_archive.clock)


def test_time_does_not_take_what_is_being_ingested(open_archive: OpenArchive) -> None:
    deposit = a_deposit(open_archive)
    made = deposits.finalise(deposit, deposits.Finalising(), actor=SYSTEM, clock=open_archive.clock)
    assert expire(open_archive, days=30) == {"expired": 0, "removed": 0}
    assert open_archive.finish(made).state == "accepted"


def test_time_does_not_take_what_a_dry_run_looks_at(open_archive: OpenArchive) -> None:
    deposit = a_deposit(open_archive)
    how = deposits.Finalising(dry_run=True)
    made = deposits.finalise(deposit, how, actor=SYSTEM, clock=open_archive.clock)
    assert expire(open_archive, days=30) == {"expired": 0, "removed": 0}
    assert open_archive.finish(made).state == "would_accept"
    assert expire(open_archive, days=30) == {"expired": 1, "removed": 0}


def test_what_a_crash_left_of_a_deleted_deposit_goes(open_archive: OpenArchive) -> None:
    left = areas_of(open_archive.home) / "0190-none"
    (left / "content").mkdir(parents=True)
    young, old = (areas_of(open_archive.home) / name for name in ("form-young", "form-old"))
    young.mkdir()
    old.mkdir()
    import os

    os.utime(old, (1, 1))
    assert expire(open_archive, days=0) == {"expired": 0, "removed": 2}
    assert list(areas_of(open_archive.home).iterdir()) == [young]


def test_only_who_keeps_house_removes(open_archive: OpenArchive) -> None:
    with pytest.raises(PermissionDenied):
        expire_deposits(
            home=open_archive.home,
            actor=actor_with("ada", Role.ARCHIVIST),
            clock=open_archive.clock,
        )


def test_a_deposit_is_refused_like_any_package_and_kept_in_quarantine(
    open_archive: OpenArchive,
) -> None:
    from io import BytesIO

    deposit = deposits.create_deposit(
        deposits.NewDeposit(title="bag", pipeline="short"), actor=SYSTEM, clock=open_archive.clock
    )
    for name, data in ((b"bagit.txt", b"no bag\n"), (b"data/a.txt", DATA)):
        file, _ = uploads.begin_file(deposit, uploads.NewFile(name, len(data), {}), actor=SYSTEM)
        uploads.receive(file, uploads.Block(BytesIO(data), 0, None), actor=SYSTEM)
    made = deposits.finalise(deposit, deposits.Finalising(), actor=SYSTEM, clock=open_archive.clock)
    ended = open_archive.finish(made)
    assert (ended.state, ended.in_quarantine) == ("refused", True)
    assert not areas_of(open_archive.home).joinpath(str(deposit.deposit_id)).exists()


def test_a_deposit_has_one_submission_by_the_tables_too(open_archive: OpenArchive) -> None:
    from django.db import IntegrityError

    deposit = a_deposit(open_archive)
    made = deposits.finalise(deposit, deposits.Finalising(), actor=SYSTEM, clock=open_archive.clock)
    made.pk, made.submission_id = None, deposit.deposit_id
    with pytest.raises(IntegrityError):
        made.save(force_insert=True)
    assert Submission.objects.count() == 1
    assert DepositFile.objects.get().is_complete
