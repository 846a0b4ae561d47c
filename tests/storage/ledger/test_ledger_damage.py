"""A damaged ledger is told and hinders nobody; no number comes twice, sound records are read."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.runtime.errors import CorruptObject, InvalidArgument
from muniment.runtime.findings import Finding
from muniment.storage.ledger.days import month_id
from muniment.storage.ledger.lines import MOST_LINE_BYTES, last_record, lines_of
from muniment.storage.ledger.records import MOST_SEQ, NewRecord, chain, parse_intact
from muniment.storage.ledger.tail import LEAP
from tests.storage.damage import lose, rewrite
from tests.storage.ledger.desks import MONDAY, Desk, a_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk whose last day of November, records 1 to 3, is sealed."""
    made = a_desk(tmp_path)
    made.note("a", "b", "c")
    made.pass_days()
    made.ledger.seal_closed_days()
    return made


@pytest.fixture
def open_desk(tmp_path: Path) -> Desk:
    """A desk whose day, records 1 to 3, is open."""
    made = a_desk(tmp_path)
    made.note("a", "b", "c")
    return made


def cut(path: Path, lines: int, more: bytes = b"") -> None:
    """Leave so many lines of a file, and some bytes behind them."""
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:lines]) + more)


@pytest.mark.parametrize("lines", [0, 1, 2])
@pytest.mark.parametrize("torn", [b"", b'{"seq": 9, "half'])
def test_a_sealed_day_that_is_cut_short_gives_no_number_twice(
    desk: Desk, lines: int, torn: bytes
) -> None:
    cut(desk.sealed_file("2026-11-30"), lines, torn)
    assert desk.codes() == ["LEDGER-DAMAGED", "LEDGER-CUT"]
    assert desk.note("d") == [4]
    assert desk.codes() == ["LEDGER-DAMAGED", "LEDGER-GAP"]
    assert desk.sound_texts() == [*"abc"[:lines], "d"]


@pytest.mark.parametrize("lines", [0, 1, 2])
def test_the_storage_root_alone_knows_which_number_is_next(desk: Desk, lines: int) -> None:
    cut(desk.sealed_file("2026-11-30"), lines)
    desk.forget_home()
    assert desk.note("d") == [4]


def test_a_sealed_day_that_was_cut_short_and_is_mended_is_whole_again(desk: Desk) -> None:
    path = desk.sealed_file("2026-11-30")
    sound = path.read_bytes()
    cut(path, 1)
    desk.forget_home()
    desk.note("d")
    path.write_bytes(sound)
    assert desk.texts() == ["a", "b", "c", "d"]


@pytest.mark.parametrize("lines", [1, 2])
def test_an_open_day_that_is_cut_short_gives_no_number_twice(open_desk: Desk, lines: int) -> None:
    cut(open_desk.open_file(), lines)
    assert open_desk.codes() == ["LEDGER-CUT"]
    assert open_desk.note("d") == [4]
    assert open_desk.codes() == ["LEDGER-GAP"]
    assert open_desk.sound_texts() == [*"abc"[:lines], "d"]


def test_an_open_day_that_is_gone_gives_no_number_twice(open_desk: Desk) -> None:
    open_desk.open_file().unlink()
    assert open_desk.codes() == ["LEDGER-CUT"]
    assert open_desk.note("d") == [4]


def test_a_cut_is_told_in_a_clear_sentence(open_desk: Desk) -> None:
    cut(open_desk.open_file(), 1)
    findings: list[Finding] = []
    list(open_desk.ledger.read(findings.append))
    assert [each.message for each in findings] == [
        "The ledger ends with record 1, but record 3 was given out: what lies between is lost."
    ]


def test_a_line_that_is_no_record_hinders_no_append(open_desk: Desk) -> None:
    with open_desk.open_file().open("ab") as stream:
        stream.write(b"nonsense\n\xff\n")
    assert open_desk.codes() == ["LEDGER-UNREADABLE"]
    # Each of the two may have been a record.
    assert open_desk.note("d") == [6]
    assert open_desk.sound_texts() == ["a", "b", "c", "d"]


def test_a_line_that_is_no_record_and_was_sealed_hinders_no_append(open_desk: Desk) -> None:
    with open_desk.open_file().open("ab") as stream:
        stream.write(b"nonsense\n")
    open_desk.pass_days()
    assert open_desk.ledger.seal_closed_days() == 1
    assert open_desk.codes() == ["LEDGER-UNREADABLE"]
    (number,) = open_desk.note("d")
    assert number > 3
    open_desk.pass_days()
    assert open_desk.ledger.seal_closed_days() == 1
    assert open_desk.note("e") == [number + 1]
    assert open_desk.sound_texts() == ["a", "b", "c", "d", "e"]


def test_a_day_of_nonsense_alone_is_sealed_and_hinders_no_append(desk: Desk) -> None:
    (desk.home / "ledger/2026-12-01.jsonl").write_bytes(b"nonsense\n" * 5)
    desk.pass_days()
    assert desk.ledger.seal_closed_days() == 1
    desk.forget_home()
    (number,) = desk.note("d")
    assert number > 3
    assert desk.sound_texts() == ["a", "b", "c", "d"]


def test_lines_that_follow_each_other_and_are_no_records_are_one_finding(desk: Desk) -> None:
    desk.note("d")
    with desk.open_file().open("ab") as stream:
        stream.write(b"nonsense\n" * 1000)
    findings: list[Finding] = []
    list(desk.ledger.read(findings.append))
    assert [each.message for each in findings] == ["Line 2 to 1001 is not a ledger record."]


def test_nonsense_behind_a_sealed_day_is_sealed_once_whatever_a_crash_leaves(
    open_desk: Desk,
) -> None:
    path = open_desk.open_file()
    with path.open("ab") as stream:
        stream.write(b"nonsense\n")
    kept = path.read_bytes()
    open_desk.pass_days()
    open_desk.ledger.seal_closed_days()
    path.write_bytes(kept)
    open_desk.ledger.seal_closed_days()
    assert open_desk.ledger.root.head(month_id("2026-11")) == 1
    assert open_desk.codes() == ["LEDGER-UNREADABLE"]


def test_what_a_cut_sealed_day_lacks_is_sealed_from_the_day_that_a_crash_left(
    open_desk: Desk,
) -> None:
    path = open_desk.open_file()
    kept = path.read_bytes()
    open_desk.pass_days()
    open_desk.ledger.seal_closed_days()
    path.write_bytes(kept)
    cut(open_desk.sealed_file("2026-11-30"), 1)
    open_desk.ledger.seal_closed_days()
    assert open_desk.codes() == ["LEDGER-DAMAGED"]
    assert open_desk.sound_texts() == ["a", "b", "c"]


@pytest.mark.parametrize("name", ["inventory.json", "inventory.json.sha512"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\n", b'{"head": "v999999999"}'])
def test_a_month_that_cannot_be_opened_hinders_no_append(
    desk: Desk, name: str, content: bytes
) -> None:
    rewrite(desk.ledger.root, month_id("2026-11"), name, content)
    assert desk.codes() == ["LEDGER-DAY-LOST"]
    assert desk.note("d") == [4]
    assert desk.codes() == ["LEDGER-DAY-LOST"]
    assert desk.sound_texts() == ["a", "b", "c", "d"]


def test_behind_a_month_that_nobody_can_open_numbers_leap(desk: Desk) -> None:
    rewrite(desk.ledger.root, month_id("2026-11"), "inventory.json", b"{}")
    cut(desk.sealed_file("2026-11-30"), 1)
    desk.forget_home()
    assert desk.note("d") == [1 + LEAP + 1]
    assert desk.note("e") == [1 + LEAP + 2]
    assert desk.sound_texts() == ["a", "d", "e"]


def test_a_lost_sealed_day_hinders_neither_appends_nor_later_days(open_desk: Desk) -> None:
    open_desk.clock.advance(-86_400)
    open_desk.pass_days()
    open_desk.note("d")
    open_desk.pass_days()
    open_desk.ledger.seal_closed_days()
    lose(open_desk.ledger.root, month_id("2026-11"), "v1/content/records/2026-11-30.jsonl")
    assert open_desk.note("e") == [5]
    open_desk.pass_days()
    assert open_desk.ledger.seal_closed_days() == 1
    assert open_desk.codes() == ["LEDGER-DAY-LOST", "LEDGER-GAP"]
    assert open_desk.sound_texts() == ["e"]


def test_a_day_of_a_lost_month_stays_open_and_the_later_ones_are_sealed(tmp_path: Path) -> None:
    desk = a_desk(tmp_path)
    desk.clock.advance(-86_400)
    desk.note("a")
    desk.pass_days()
    desk.ledger.seal_closed_days()
    desk.note("b")
    inventory = desk.ledger.root.path_of(month_id("2026-11")) / "inventory.json"
    sound = inventory.read_bytes()
    rewrite(desk.ledger.root, month_id("2026-11"), "inventory.json", b"{}")
    desk.pass_days()
    desk.note("c")
    desk.pass_days()
    with pytest.raises(CorruptObject):
        desk.ledger.seal_closed_days()
    assert [path.name for path in (desk.home / "ledger").glob("*.jsonl")] == ["2026-11-30.jsonl"]
    assert desk.sound_texts() == ["a", "b", "c"]
    assert desk.note("d") == [4]
    inventory.write_bytes(sound)
    assert desk.ledger.seal_closed_days() == 1
    assert desk.texts() == ["a", "b", "c", "d"]


def test_an_old_home_beside_a_newer_root_gives_no_number_twice(tmp_path: Path) -> None:
    desk = a_desk(tmp_path)
    desk.note("a")
    old = {path.name: path.read_bytes() for path in (desk.home / "ledger").iterdir()}
    desk.note("b")
    desk.pass_days()
    desk.note("c")
    desk.pass_days()
    desk.ledger.seal_closed_days()
    desk.forget_home()
    (desk.home / "ledger").mkdir()
    for name, content in old.items():
        (desk.home / "ledger" / name).write_bytes(content)
    assert desk.note("d") == [4]
    assert desk.texts() == ["a", "b", "c", "d"]


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\x00" * 90, b'{"seq": "x"}'])
def test_a_mark_that_nobody_can_read_is_done_without(open_desk: Desk, content: bytes) -> None:
    (open_desk.home / "ledger/end.json").write_bytes(content)
    assert open_desk.note("d") == [4]
    assert open_desk.texts() == ["a", "b", "c", "d"]


def test_a_mark_that_cannot_be_written_loses_no_record(open_desk: Desk) -> None:
    (open_desk.home / "ledger/end.json").unlink()
    (open_desk.home / "ledger/end.json").mkdir()
    assert open_desk.note("d") == [4]
    assert open_desk.note("e") == [5]
    assert open_desk.texts() == ["a", "b", "c", "d", "e"]


def test_a_record_that_comes_twice_is_told(desk: Desk) -> None:
    """An archive of before this was mended may have it."""
    first, *_ = desk.sealed_file("2026-11-30").read_bytes().splitlines(keepends=True)
    desk.note("d")
    path = desk.open_file()
    path.write_bytes(first + path.read_bytes())
    assert desk.codes() == ["LEDGER-TWICE", "LEDGER-ALTERED"]
    assert desk.sound_texts() == ["a", "b", "c", "a", "d"]


def test_a_number_beyond_all_numbers_hides_nothing(open_desk: Desk) -> None:
    path = open_desk.open_file()
    first, *rest = path.read_bytes().splitlines(keepends=True)
    huge = json.dumps({**json.loads(first), "seq": MOST_SEQ + 1}).encode() + b"\n"
    path.write_bytes(first + huge + b"".join(rest))
    assert open_desk.codes() == ["LEDGER-UNREADABLE"]
    assert open_desk.sound_texts() == ["a", "b", "c"]
    assert open_desk.note("d") == [4]


def test_a_record_that_is_too_long_is_refused_and_the_next_is_not(open_desk: Desk) -> None:
    with pytest.raises(InvalidArgument, match="too long"):
        open_desk.note("x" * (MOST_LINE_BYTES + 1))
    assert open_desk.note("d") == [4]


def test_a_line_without_end_is_one_line_that_is_no_record(open_desk: Desk) -> None:
    path = open_desk.open_file()
    whole = path.read_bytes()
    path.write_bytes(whole + b"x" * (2 * MOST_LINE_BYTES + 5) + b"\n")
    assert open_desk.codes() == ["LEDGER-UNREADABLE"]
    assert open_desk.note("d") == [5]
    with path.open("rb") as stream:
        assert max(map(len, lines_of(stream))) <= MOST_LINE_BYTES


def _lines(*texts: str) -> list[bytes]:
    digest, lines = "", []
    for seq, text in enumerate(texts, start=1):
        new = NewRecord("note", "", {"text": text})
        digest, line = chain(new, seq=seq, recorded_at=MONDAY, previous=digest)
        lines.append(line)
    return lines


SOUND = _lines(*"abcd")
nonsense = st.binary(max_size=80).map(lambda each: each.replace(b"\n", b"") + b"\n")


@given(st.lists(nonsense | st.sampled_from(SOUND), max_size=12), st.binary(max_size=9))
def test_the_last_sound_record_is_found_behind_anything(lines: list[bytes], torn: bytes) -> None:
    """As a reader from the beginning finds it."""
    torn = torn.replace(b"\n", b"")
    with TemporaryDirectory() as folder:
        path = Path(folder, "day")
        path.write_bytes(b"".join(lines) + torn)
        with path.open("rb") as stream:
            found, behind = last_record(stream)
    sound = [number for number, line in enumerate(lines) if line in SOUND]
    if sound:
        assert found == parse_intact(lines[sound[-1]])
        assert behind == len(lines) - sound[-1] - 1
    else:
        assert (found, behind) == (None, len(lines))


@settings(max_examples=20)
@given(st.integers(0, sum(map(len, SOUND))), st.booleans(), st.booleans())
def test_wherever_a_day_is_cut_no_number_is_given_twice(
    at: int, is_sealed: bool, is_home_lost: bool
) -> None:
    with TemporaryDirectory() as base:
        desk = a_desk(Path(base))
        desk.note("a", "b", "c", "d")
        if is_sealed:
            desk.pass_days()
            desk.ledger.seal_closed_days()
        path = desk.sealed_file("2026-11-30") if is_sealed else desk.open_file()
        whole = path.read_bytes()
        path.write_bytes(whole[:at])
        if is_sealed and is_home_lost:
            desk.forget_home()
        assert desk.note("e") == [5]
        kept = whole[:at].count(b"\n")
        assert desk.sound_texts() == [*"abcd"[:kept], "e"]


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 3), st.binary(max_size=30)), max_size=6), st.booleans())
def test_hostile_bytes_anywhere_hinder_nothing_and_every_sound_record_is_read(
    intruders: list[tuple[int, bytes]], is_sealed: bool
) -> None:
    """Bytes between the lines: every record stays sound, every append gets a new number."""
    with TemporaryDirectory() as base:
        desk = a_desk(Path(base))
        desk.note("a", "b", "c", "d")
        lines = desk.open_file().read_bytes().splitlines(keepends=True)
        for at, content in intruders:
            lines.insert(at, content.replace(b"\n", b"") + b"\n")
        desk.open_file().write_bytes(b"".join(lines))
        if is_sealed:
            desk.pass_days()
            desk.ledger.seal_closed_days()
        (number,) = desk.note("e")
        assert number >= 5
        assert desk.sound_texts() == ["a", "b", "c", "d", "e"]
        assert set(desk.codes()) <= {"LEDGER-UNREADABLE", "LEDGER-GAP"}
