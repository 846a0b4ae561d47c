"""Fixity: everything is read, every fault is told apart, nothing stops it, history stays."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha512
from pathlib import Path
from uuid import uuid4

import pytest

from muniment.information.identifiers import new_object_id
from muniment.runtime.actor import SYSTEM, Role, actor_with
from muniment.runtime.clock import FakeClock
from muniment.runtime.errors import InvalidArgument, ObjectMissing, PermissionDenied
from muniment.storage.copies import record_copy
from muniment.storage.fixity.checking import check_object
from muniment.storage.fixity.running import (
    FixityRun,
    Scope,
    Watcher,
    check_fixity,
    worst,
)
from muniment.storage.models import Copy, CopyState, FixityCheck, Location
from muniment.storage.queries import fixity_report, history_of
from muniment.storage.rebuilding import rebuild_rows
from muniment.storage.services import recover, seal
from muniment.storage.types import FixityResult
from tests.storage.staging import Bench
from tests.storage.stocks import Stock, rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    return Stock(tmp_path, 3)


def test_sound_objects_are_correct(stock: Stock) -> None:
    checks = stock.check()
    assert [check.outcome for check in checks] == ["correct"] * 3
    assert [check.file_count for check in checks] == [3] * 3
    assert worst(checks) is FixityResult.CORRECT


def test_bytes_are_counted(stock: Stock) -> None:
    assert [check.size_bytes for check in stock.check()] == [len(b"0" + b"same" + b"new 0")] * 3


def test_altered_bytes_are_a_mismatch_that_names_the_digests(stock: Stock) -> None:
    stock.damage(0, "v1/content/a")
    checked = check_object(stock.object_ids[0], stock.archive.root)
    (line,) = checked.lines
    assert (line.path, line.result) == ("v1/content/a", FixityResult.MISMATCH)
    assert line.expected != line.found
    assert len(line.found) > 0


def test_a_lost_file_is_missing(stock: Stock) -> None:
    stock.path(0, "v2/content/c").unlink()
    (line,) = check_object(stock.object_ids[0], stock.archive.root).lines
    assert (line.path, line.result) == ("v2/content/c", FixityResult.MISSING)


def test_what_cannot_be_read_is_neither_damaged_nor_missing(stock: Stock) -> None:
    stock.path(0, "v1/content/a").unlink()
    stock.path(0, "v1/content/a").mkdir()
    checked = check_object(stock.object_ids[0], stock.archive.root)
    assert checked.outcome is FixityResult.COULD_NOT_READ
    assert checked.lines[0].reason


def test_every_fault_is_told_and_the_rest_is_read(stock: Stock) -> None:
    stock.damage(0, "v1/content/a")
    stock.path(0, "v2/content/c").unlink()
    check = stock.check(Scope.NAMED, object_ids=stock.object_ids[:1])[0]
    counts = (check.correct_count, check.mismatch_count, check.missing_count)
    assert counts == (1, 1, 1)
    assert check.outcome == "mismatch"
    assert len(check.lines) == 2


def test_damage_of_one_object_does_not_stop_the_others(stock: Stock) -> None:
    stock.damage(1, "v1/content/a")
    outcomes = {str(check.object_id): check.outcome for check in stock.check()}
    assert outcomes[stock.object_ids[1]] == "mismatch"
    assert sorted(outcomes.values()) == ["correct", "correct", "mismatch"]


@pytest.mark.parametrize(
    ("name", "content", "outcome"),
    [
        ("inventory.json", b"{}", "mismatch"),
        ("inventory.json.sha512", b"nonsense", "mismatch"),
        ("v1/inventory.json", b"{}", "mismatch"),
        ("v1/inventory.json", None, "missing"),
        ("inventory.json", None, "missing"),
        ("0=ocfl_object_1.1", None, "missing"),
    ],
)
def test_damage_of_the_structure_is_seen(
    stock: Stock, name: str, content: bytes | None, outcome: str
) -> None:
    stock.path(0, name).unlink()
    if content is not None:
        stock.path(0, name).write_bytes(content)
    (check,) = stock.check(Scope.NAMED, object_ids=stock.object_ids[:1])
    assert check.outcome == outcome


def test_a_wrong_producers_digest_is_a_mismatch(tmp_path: Path) -> None:
    stock = Stock(tmp_path, 0)
    bench = Bench(tmp_path / "home/work/area")
    wrong = replace(bench.file("a", b"1"), fixity={"md5": "0" * 32})
    staged = replace(bench.staged({}), files=lambda: iter([wrong]))
    seal(staged, root=stock.archive.root, actor=SYSTEM, clock=stock.archive.clock)
    (line,) = check_object(bench.object_id, stock.archive.root).lines
    assert (line.algorithm, line.expected) == ("md5", "0" * 32)


def test_history_stays(stock: Stock) -> None:
    stock.check()
    stock.damage(0, "v1/content/a")
    stock.check()
    history = history_of(stock.object_ids[0], actor=SYSTEM)
    assert [check.outcome for check in history] == ["mismatch", "correct"]


def test_a_check_is_an_event_in_the_ledger(stock: Stock) -> None:
    stock.check()
    records = [each for each in stock.archive.ledger.read() if "fixity" in each.payload]
    assert {record.object_id for record in records} == set(stock.object_ids)
    assert {record.payload["event_type"] for record in records} == {"fixity check"}
    assert {record.payload["outcome"] for record in records} == {"success"}


def test_a_stopped_run_goes_on_where_it_stopped(stock: Stock) -> None:
    class StoppedError(Exception):
        """Stops a run."""

    def stop(check: FixityCheck) -> None:
        raise StoppedError(str(check))

    run = FixityRun(uuid4(), Scope.ALL)
    watcher = Watcher(lambda _files, _size, _path: None, stop)
    with pytest.raises(StoppedError):
        check_fixity(run, stock.archive, actor=SYSTEM, watcher=watcher)
    read: list[str] = []
    on = Watcher(lambda _files, _size, path: read.append(path), lambda _check: None)
    assert len(check_fixity(run, stock.archive, actor=SYSTEM, watcher=on)) == 3
    assert len(read) == 6
    assert FixityCheck.objects.count() == 3


def test_a_check_marks_the_copies(stock: Stock) -> None:
    stock.damage(0, "v1/content/a")
    stock.path(1, "v1/content/a").unlink()
    stock.check()
    states = dict(Copy.objects.filter(is_head=True).values_list("object_id", "state"))
    by_id = {str(key): state for key, state in states.items()}
    expected = [CopyState.DAMAGED, CopyState.MISSING, CopyState.VERIFIED]
    assert [by_id[each] for each in stock.object_ids] == expected


def test_each_sealed_version_is_one_verified_copy(stock: Stock) -> None:
    assert Location.objects.get().name == "embedded"
    numbers = Copy.objects.filter(object_id=stock.object_ids[0]).order_by("number")
    assert list(numbers.values_list("number", "is_head")) == [(1, False), (2, True)]


def test_recording_a_copy_twice_changes_nothing(stock: Stock) -> None:
    before = rows()
    bench = stock.benches[0]
    staged = bench.staged({"a": b"0", "f/b": b"same"})
    record_copy(stock.archive.root.seal(staged))
    assert rows() == before


def test_rebuilt_rows_are_those_that_were_there(stock: Stock) -> None:
    stock.check()
    stock.damage(0, "v1/content/a")
    stock.check()
    before = rows()
    root, ledger = stock.archive.root, stock.archive.ledger
    report = rebuild_rows(root=root, ledger=ledger, actor=SYSTEM)
    assert rows() == before
    assert (report.copies, report.checks, report.unread) == (6, 6, {})


def test_a_rebuild_goes_on_behind_a_damaged_object(stock: Stock) -> None:
    stock.path(0, "inventory.json").write_bytes(b"{}")
    root, ledger = stock.archive.root, stock.archive.ledger
    report = rebuild_rows(root=root, ledger=ledger, actor=SYSTEM)
    assert list(report.unread) == stock.object_ids[:1]
    assert report.copies == 4


def test_the_report_sums_up_the_newest_checks(stock: Stock) -> None:
    stock.check()
    stock.damage(0, "v1/content/a")
    stock.check(Scope.NAMED, object_ids=stock.object_ids[:1])
    report = fixity_report(actor=SYSTEM, clock=stock.desk.clock)
    assert (report.objects, report.never_checked, report.due) == (3, 0, 0)
    assert report.objects_by_outcome["mismatch"] == 1
    assert report.objects_by_outcome["correct"] == 2
    assert [str(check.object_id) for check in report.damaged] == stock.object_ids[:1]


def test_the_report_of_an_empty_archive_is_empty(tmp_path: Path) -> None:
    Stock(tmp_path, 0)
    report = fixity_report(actor=SYSTEM, clock=FakeClock())
    assert (report.objects, report.oldest_at, report.damaged) == (0, None, ())


def test_an_object_that_is_not_there_is_missing(stock: Stock) -> None:
    with pytest.raises(ObjectMissing):
        stock.check(Scope.NAMED, object_ids=[new_object_id()])


def test_naming_nothing_is_wrong_usage(stock: Stock) -> None:
    with pytest.raises(InvalidArgument):
        stock.check(Scope.NAMED)


def test_who_may_not_gets_nothing_done(stock: Stock) -> None:
    reader = actor_with("reader", Role.READER)
    root, ledger = stock.archive.root, stock.archive.ledger
    with pytest.raises(PermissionDenied):
        check_fixity(FixityRun(uuid4(), Scope.ALL), stock.archive, actor=reader)
    with pytest.raises(PermissionDenied):
        fixity_report(actor=reader, clock=FakeClock())
    with pytest.raises(PermissionDenied):
        recover(root=root, actor=reader)
    with pytest.raises(PermissionDenied):
        rebuild_rows(root=root, ledger=ledger, actor=reader)
    with pytest.raises(PermissionDenied):
        seal(stock.benches[0].staged({}), root=root, actor=reader, clock=FakeClock())


def test_content_of_a_digest_is_where_the_inventory_says(stock: Stock) -> None:
    files = {
        f.content_path: f.digests for f in stock.archive.root.content_files(stock.object_ids[0])
    }
    assert files["v1/content/f/b"]["sha512"] == sha512(b"same").hexdigest()
