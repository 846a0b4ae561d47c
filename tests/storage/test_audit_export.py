"""Finished days of the audit trail go to storage, once, and prove that nobody changed the table."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from muniment.administration.models import AuditEntry
from muniment.administration.services.audit import Deed, record
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import SYSTEM, Role, actor_with
from muniment.runtime.clock import FakeClock
from muniment.runtime.errors import CorruptObject, PermissionDenied
from muniment.storage.adapters.file_locks import FileLocks
from muniment.storage.adapters.local import open_local_root
from muniment.storage.adapters.local_disk import LocalDisk
from muniment.storage.auditing.checking import check_trail
from muniment.storage.auditing.exporting import days_due, export_days
from muniment.storage.auditing.stored import AuditStore, stored_links
from muniment.storage.ledger.days import sealed_files
from tests.archives import Archive

pytestmark = pytest.mark.django_db
ADA = actor_with("ada", Role.ARCHIVIST)
AUDITOR = actor_with("olga", Role.AUDITOR)
NOVEMBER = ObjectId("urn:x-muniment:audit:2026-11")
DECEMBER = ObjectId("urn:x-muniment:audit:2026-12")
DAY_S = 86_400.0


@pytest.fixture
def store(tmp_path: Path) -> AuditStore:
    work = tmp_path / "work"
    root = open_local_root(tmp_path / "storage", work, lock_wait_s=5)
    root.initialise()
    clock = FakeClock(datetime(2026, 11, 29, 12, 0, tzinfo=UTC))
    return AuditStore(root, work / "audit", FileLocks(work / "locks", 5), LocalDisk(), clock)


def act(store: AuditStore, *things: str) -> None:
    for thing in things:
        record(Deed("object.tag", thing, detail={"n": 1}), actor=ADA, clock=store.clock)


def pass_days(store: AuditStore, days: float = 1) -> None:
    assert isinstance(store.clock, FakeClock)
    store.clock.advance(days * DAY_S)


def three_days(store: AuditStore) -> None:
    """Two lines on the 29th, one on the 30th, one on the 1st, which goes on."""
    act(store, "a", "b")
    pass_days(store)
    act(store, "c")
    pass_days(store)
    act(store, "d")


def breaks(store: AuditStore) -> list[tuple[str, int, str]]:
    verdict = check_trail(store, actor=AUDITOR)
    return [(each.where, each.number, each.breach.value) for each in verdict.breaks]


def test_each_finished_day_is_one_version_of_its_month(store: AuditStore) -> None:
    three_days(store)
    done = export_days(store, actor=SYSTEM)
    assert [(each.day, each.first, each.last, each.version) for each in done] == [
        ("2026-11-29", 1, 2, 1),
        ("2026-11-30", 3, 3, 2),
    ]
    with store.root.open_version(NOVEMBER) as version:
        assert sealed_files(version) == ["records/2026-11-29.jsonl", "records/2026-11-30.jsonl"]


def test_the_day_that_goes_on_stays_in_the_table(store: AuditStore) -> None:
    three_days(store)
    export_days(store, actor=SYSTEM)
    assert [link.number for link in stored_links(store.root)] == [1, 2, 3]
    assert store.root.head(DECEMBER) == 0


def test_exporting_again_does_nothing_and_a_new_day_is_added(store: AuditStore) -> None:
    three_days(store)
    export_days(store, actor=SYSTEM)
    assert export_days(store, actor=SYSTEM) == []
    pass_days(store)
    assert days_due(store, actor=AUDITOR) == ["2026-12-01"]
    assert [each.object_id for each in export_days(store, actor=SYSTEM)] == [DECEMBER]
    assert [link.number for link in stored_links(store.root)] == [1, 2, 3, 4]


def test_a_clock_that_goes_back_loses_and_repeats_no_line(store: AuditStore) -> None:
    three_days(store)
    export_days(store, actor=SYSTEM)
    pass_days(store, -3)
    act(store, "e")
    pass_days(store, 5)
    export_days(store, actor=SYSTEM)
    assert [link.number for link in stored_links(store.root)] == [1, 2, 3, 4, 5]
    assert breaks(store) == []


def test_the_trail_in_storage_is_no_object_of_the_catalogue(store: AuditStore) -> None:
    three_days(store)
    export_days(store, actor=SYSTEM)
    assert list(store.root.object_ids()) == []
    assert list(store.root.strangers()) == []


def test_a_stored_line_is_proven_with_nothing_but_sha256(store: AuditStore) -> None:
    three_days(store)
    export_days(store, actor=SYSTEM)
    previous = bytes(32)
    with store.root.open_version(NOVEMBER) as version:
        for path in sealed_files(version):
            with version.open(path) as stream:
                for line in stream:
                    said = json.loads(line)
                    text = json.dumps(
                        said["line"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
                    )
                    assert said["previous"] == previous.hex()
                    previous = sha256(previous + text.encode()).digest()
                    assert said["digest"] == previous.hex()


def test_an_untouched_trail_holds(store: AuditStore) -> None:
    three_days(store)
    export_days(store, actor=SYSTEM)
    verdict = check_trail(store, actor=AUDITOR)
    assert (verdict.lines, verdict.stored, verdict.breaks) == (4, 3, ())


def test_a_line_changed_in_the_table_is_named(store: AuditStore) -> None:
    three_days(store)
    AuditEntry.objects.filter(number__in=[2, 4]).update(actor="eve")
    assert breaks(store) == [("table", 2, "changed")]


def test_a_line_removed_from_the_table_is_named_by_the_one_behind(store: AuditStore) -> None:
    three_days(store)
    AuditEntry.objects.filter(number=2).delete()
    assert breaks(store) == [("table", 3, "missing")]


def test_lines_cut_off_the_end_show_by_what_is_in_storage(store: AuditStore) -> None:
    three_days(store)
    export_days(store, actor=SYSTEM)
    AuditEntry.objects.filter(number__gte=2).delete()
    assert breaks(store) == [("table", 2, "different")]


def test_a_trail_written_anew_with_right_digests_shows_by_what_is_in_storage(
    store: AuditStore,
) -> None:
    three_days(store)
    export_days(store, actor=SYSTEM)
    AuditEntry.objects.all().delete()
    act(store, "forged", "b", "c", "d")
    assert breaks(store) == [("table", 1, "different")]


def stored_file(store: AuditStore) -> Path:
    (path,) = store.root.path_of(NOVEMBER).glob("v*/content/records/2026-11-29.jsonl")
    path.chmod(0o644)
    return path


@pytest.mark.parametrize(
    ("damage", "breach"),
    [
        (lambda text: text.replace(b'"b"', b'"x"'), "changed"),
        (lambda text: text.partition(b"\n")[2], "missing"),
        (lambda text: text[:-20], "unreadable"),
        (lambda _: b"\xff\n", "unreadable"),
        (lambda _: b'{"line": [], "digest": 3, "previous": null}\n', "unreadable"),
        (lambda _: b'{"line": {"number": "1", "at": 7}}\n', "unreadable"),
    ],
    ids=["changed", "missing", "torn", "no-text", "no-line", "no-number"],
)
def test_damage_in_storage_is_named(store: AuditStore, damage: object, breach: str) -> None:
    three_days(store)
    export_days(store, actor=SYSTEM)
    file = stored_file(store)
    file.write_bytes(damage(file.read_bytes()))  # type: ignore[operator]  # one of those above
    found = [(where, how) for where, _, how in breaks(store) if where == "storage"]
    assert found == [("storage", breach)]


def test_a_stored_day_that_is_lost_is_named_and_nothing_is_sealed_over_it(
    store: AuditStore,
) -> None:
    three_days(store)
    export_days(store, actor=SYSTEM)
    stored_file(store).unlink()
    assert breaks(store)[0] == ("storage", 1, "unreadable")
    (last,) = store.root.path_of(NOVEMBER).glob("v*/content/records/2026-11-30.jsonl")
    last.unlink()
    pass_days(store)
    with pytest.raises(CorruptObject):
        export_days(store, actor=SYSTEM)


def test_only_who_may_exports_and_verifies(store: AuditStore) -> None:
    with pytest.raises(PermissionDenied):
        export_days(store, actor=AUDITOR)
    with pytest.raises(PermissionDenied):
        check_trail(store, actor=ADA)


_PAST = """
from datetime import UTC, datetime
from muniment.administration.services.audit import Deed, record
from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import FakeClock
for day in (28, 29):
    clock = FakeClock(datetime(2025, 11, day, tzinfo=UTC))
    record(Deed("object.tag", "a"), actor=SYSTEM, clock=clock)
"""


@pytest.mark.parametrize("failpoint", ["audit.written", "audit.sealed"])
def test_a_kill_at_any_failpoint_loses_and_repeats_nothing(
    archive: Archive, failpoint: str
) -> None:
    assert archive.run("shell", "--command", _PAST).code == 0
    killed = archive.run("audit", "export", MUNIMENT_FAILPOINT=failpoint)
    assert killed.code == -signal.SIGKILL
    assert archive.run("audit", "export").code == 0
    verdict = archive.run("audit", "verify", "--json").json()
    assert (verdict["valid"], verdict["stored"], verdict["breaks"]) == (True, 2, [])
    assert not list((archive.home / "work" / "audit").iterdir())
