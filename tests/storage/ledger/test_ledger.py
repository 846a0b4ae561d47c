"""The ledger: in order, without gaps, durable when told, found again after any crash."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.runtime.errors import Misconfigured
from muniment.runtime.findings import Finding
from muniment.storage.ledger.days import month_id, months_in, order_of, path_for
from muniment.storage.ledger.records import NewRecord, chain, is_intact, parse
from tests.storage.damage import bury_a_folder
from tests.storage.ledger.desks import DAY_S, MONDAY, Desk, a_desk

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return a_desk(tmp_path)


@given(
    payload=st.dictionaries(st.text(), json_values, max_size=4),
    kind=st.text(min_size=1),
    seq=st.integers(1, 2**53),
)
def test_a_record_is_read_as_it_was_written(
    payload: dict[str, object], kind: str, seq: int
) -> None:
    digest, line = chain(
        NewRecord(kind, "id", payload), seq=seq, recorded_at=MONDAY, previous="before"
    )
    record = parse(line)
    assert (record.kind, record.payload, record.seq) == (kind, payload, seq)
    assert (record.recorded_at, record.previous, record.digest) == (MONDAY, "before", digest)
    assert is_intact(line)


@pytest.mark.parametrize("line", [b"", b"{}", b"[1]", b"nonsense", b'{"seq": "x"}', b"\xff"])
def test_what_is_no_record_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(line)


def test_an_empty_ledger_has_nothing_to_read(desk: Desk) -> None:
    assert desk.texts() == []
    assert desk.ledger.append([]) == []


def test_numbers_go_on_from_one_process_to_the_next(desk: Desk) -> None:
    assert desk.note("a", "b") == [1, 2]
    assert desk.note("c") == [3]
    assert desk.texts() == ["a", "b", "c"]


def test_today_stays_open(desk: Desk) -> None:
    desk.note("a")
    assert desk.ledger.seal_closed_days() == 0
    assert desk.open_file().name == "2026-11-30.jsonl"


def test_days_before_today_are_sealed_one_version_each(desk: Desk) -> None:
    desk.clock.advance(-2 * DAY_S)
    for text in ("a", "b", "c"):
        desk.note(text)
        desk.pass_days()
    assert desk.ledger.seal_closed_days() == 3
    assert list((desk.home / "ledger").glob("*.jsonl")) == []
    assert desk.ledger.root.head(month_id("2026-11-30")) == 3
    assert desk.texts() == ["a", "b", "c"]


def test_each_month_is_an_object_of_its_own(desk: Desk) -> None:
    desk.note("november")
    desk.pass_days()
    desk.note("december")
    desk.pass_days()
    desk.ledger.seal_closed_days()
    assert months_in(desk.ledger.root) == [month_id("2026-11"), month_id("2026-12")]
    assert list(desk.ledger.root.object_ids()) == []
    assert desk.texts() == ["november", "december"]


def test_the_chain_goes_on_over_sealed_days(desk: Desk) -> None:
    desk.note("a")
    desk.pass_days()
    desk.ledger.seal_closed_days()
    assert desk.note("b") == [2]
    assert desk.texts() == ["a", "b"]


def test_sealing_twice_seals_once(desk: Desk) -> None:
    desk.note("a")
    desk.pass_days()
    assert desk.ledger.seal_closed_days() == 1
    assert desk.ledger.seal_closed_days() == 0
    assert desk.ledger.root.head(month_id("2026-11")) == 1


def test_a_clock_that_goes_back_changes_no_order(desk: Desk) -> None:
    desk.note("a")
    desk.pass_days()
    desk.note("b")
    desk.clock.advance(-3 * DAY_S)
    desk.note("c")
    assert desk.texts() == ["a", "b", "c"]


def test_a_clock_that_goes_back_behind_a_sealed_day_opens_a_second_part(desk: Desk) -> None:
    desk.note("a")
    desk.pass_days()
    desk.ledger.seal_closed_days()
    desk.clock.advance(-2 * DAY_S)
    desk.note("b")
    desk.pass_days(5)
    desk.note("c")
    assert desk.ledger.seal_closed_days() == 1
    assert desk.texts() == ["a", "b", "c"]
    with desk.ledger.root.open_version(month_id("2026-11")) as version:
        paths = [entry.logical_path for entry in version.entries()]
    assert sorted(paths, key=order_of) == [
        "records/2026-11-30.jsonl",
        "records/2026-11-30.2.jsonl",
    ]


def test_a_torn_last_line_is_told_and_cut_off_by_the_next_append(desk: Desk) -> None:
    desk.note("a")
    with desk.open_file().open("ab") as stream:
        stream.write(b'{"seq": 2, "half')
    assert desk.codes() == ["LEDGER-TORN"]
    assert desk.note("b") == [2]
    assert desk.texts() == ["a", "b"]


def test_a_torn_line_is_not_sealed(desk: Desk) -> None:
    desk.note("a")
    with desk.open_file().open("ab") as stream:
        stream.write(b'{"seq": 2, "half')
    desk.pass_days()
    desk.ledger.seal_closed_days()
    assert desk.texts() == ["a"]


def test_a_torn_first_line_leaves_an_empty_ledger(desk: Desk) -> None:
    (desk.home / "ledger").mkdir()
    (desk.home / "ledger/2026-11-30.jsonl").write_bytes(b'{"seq": 1')
    assert desk.note("b") == [1]
    desk.pass_days()
    assert desk.ledger.seal_closed_days() == 1
    assert desk.texts() == ["b"]


def test_a_day_that_was_sealed_but_not_removed_is_read_once_and_removed(desk: Desk) -> None:
    desk.note("a", "b")
    kept = desk.open_file().read_bytes()
    path = desk.open_file()
    desk.pass_days()
    desk.ledger.seal_closed_days()
    path.write_bytes(kept)
    assert desk.texts() == ["a", "b"]
    assert desk.ledger.seal_closed_days() == 1
    assert desk.ledger.root.head(month_id("2026-11")) == 1
    assert not path.exists()


def test_an_altered_record_is_told_and_the_rest_is_read(desk: Desk) -> None:
    desk.note("a", "b", "c")
    path = desk.open_file()
    path.write_bytes(path.read_bytes().replace(b'"text":"b"', b'"text":"x"'))
    assert desk.codes() == ["LEDGER-ALTERED"]
    assert desk.sound_texts() == ["a", "c"]


def test_a_record_with_a_new_digest_breaks_the_chain(desk: Desk) -> None:
    desk.note("a", "b")
    path = desk.open_file()
    _, second = path.read_bytes().splitlines(keepends=True)
    _, forged = chain(NewRecord("note", "", {"text": "x"}), seq=1, recorded_at=MONDAY, previous="")
    path.write_bytes(forged + second)
    assert desk.codes() == ["LEDGER-ALTERED"]


def test_a_lost_record_is_a_gap(desk: Desk) -> None:
    desk.note("a", "b", "c")
    path = desk.open_file()
    first, _, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + third)
    assert desk.codes() == ["LEDGER-GAP"]


def test_a_damaged_month_is_told_and_the_others_are_read(desk: Desk) -> None:
    desk.note("november")
    desk.pass_days()
    desk.note("december")
    desk.pass_days()
    desk.ledger.seal_closed_days()
    november = desk.ledger.root.path_of(month_id("2026-11"))
    (november / "inventory.json").write_bytes(b"{}")
    assert desk.codes() == ["LEDGER-DAY-LOST"]
    assert desk.sound_texts() == ["november", "december"]


def test_other_files_beside_the_days_are_nobodys_business(desk: Desk) -> None:
    desk.note("a")
    (desk.home / "ledger" / "notes.jsonl").write_bytes(b"mine")
    assert desk.texts() == ["a"]


@given(st.lists(st.sampled_from(["2026-01-01", "2026-01-02"]), max_size=8))
def test_parts_of_a_day_follow_each_other(days: list[str]) -> None:
    paths: list[str] = []
    for day in sorted(days):
        paths.append(path_for(day, paths))
    assert paths == sorted(paths, key=order_of)
    assert len(set(paths)) == len(days)


@pytest.mark.parametrize(("since", "texts"), [
    (date(2026, 11, 1), ["a", "b", "c", "d"]),
    (date(2026, 12, 1), ["b", "c", "d"]),
    (date(2026, 12, 2), ["c", "d"]),
    (date(2026, 12, 3), ["d"]),
    (date(2027, 1, 1), []),
])  # fmt: skip
def test_the_days_before_a_date_are_left_out(desk: Desk, since: date, texts: list[str]) -> None:
    for text in "abc":
        desk.note(text)
        desk.pass_days()
    desk.ledger.seal_closed_days()
    desk.note("d")
    findings: list[Finding] = []
    found = desk.ledger.read(findings.append, since=since)
    assert ([each.payload["text"] for each in found], findings) == (texts, [])


def test_a_month_before_the_date_is_not_even_opened(desk: Desk) -> None:
    desk.note("november")
    desk.pass_days()
    desk.ledger.seal_closed_days()
    desk.note("december")
    november = desk.ledger.root.path_of(month_id("2026-11"))
    (november / "inventory.json").write_bytes(b"{}")
    findings: list[Finding] = []
    found = desk.ledger.read(findings.append, since=date(2026, 12, 1))
    assert ([each.payload["text"] for each in found], findings) == (["december"], [])


def test_a_clock_that_is_centuries_off_is_told(desk: Desk) -> None:
    desk.clock.at = datetime(2216, 1, 1, tzinfo=UTC)
    with pytest.raises(Misconfigured, match="the clock of this machine says 2216"):
        desk.note("a")
    assert list((desk.home).glob("ledger/*")) == []


def test_the_rest_of_the_root_is_not_looked_at_for_the_ledger(desk: Desk) -> None:
    desk.note("a")
    desk.pass_days()
    desk.ledger.seal_closed_days()
    bury_a_folder(desk.home / "storage")
    assert desk.note("b") == [2]
    assert desk.texts() == ["a", "b"]


def test_a_gap_behind_the_date_is_still_told(desk: Desk) -> None:
    desk.note("a", "b", "c")
    path = desk.open_file()
    first, _, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + third)
    findings: list[Finding] = []
    list(desk.ledger.read(findings.append, since=date(2026, 11, 30)))
    assert [each.code for each in findings] == ["LEDGER-GAP"]
