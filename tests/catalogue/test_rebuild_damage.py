"""A half-damaged root: each damage is told with path and reason, all else comes back equal."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from muniment.catalogue.dumping import dump
from muniment.catalogue.models import IntellectualEntity
from muniment.catalogue.services import tag_object
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import SYSTEM
from muniment.runtime.errors import StorageUnavailable, WrongState
from muniment.storage.ledger.records import NewRecord
from muniment.storage.models import Copy
from muniment.storage.rebuilding import rebuild_rows
from tests.catalogue.shelves import Content, Shelf
from tests.storage.damage import bury_a_folder, lose, rewrite

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

PREMIS = "content/metadata/preservation/premis.xml"
OF_FILES = "content/representations/original/metadata/preservation/premis.xml"
DATA = "v1/content/representations/original/data"


@dataclass(frozen=True, slots=True)
class Stacks:
    """A shelf with an object that is going to be damaged between two that are not."""

    shelf: Shelf
    victim: ObjectId

    @property
    def folder(self) -> Path:
        return self.shelf.root.path_of(self.victim)

    def rewrite(self, path: str, change: Callable[[bytes], bytes]) -> str:
        """Change the bytes of a file of the victim."""
        before = (self.folder / path).read_bytes()
        after = change(before)
        assert after != before
        rewrite(self.shelf.root, self.victim, path, after)
        return str(self.folder)

    def lose(self, path: str) -> str:
        lose(self.shelf.root, self.victim, path)
        return str(self.folder)

    def journal(self) -> Path:
        """Return today's file of the ledger."""
        (found,) = (self.shelf.folder / "ledger").glob("*.jsonl")
        return found


@pytest.fixture
def stacks(shelf: Shelf) -> Stacks:
    ids = [shelf.store(Content(title=f"Object {n}", owner=f"owner {n}")).object_id for n in "abc"]
    victim = ids[1]
    shelf.store(Content(title="Again", owner="owner b", files={"a.txt": b"new"}), victim)
    for object_id in ids:
        shelf.index(object_id)
        tag_object(object_id, add=["maps"], actor=SYSTEM, ledger=shelf.ledger)
    return Stacks(shelf, victim)


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def without_lines_of(object_id: str, lines: list[bytes]) -> list[bytes]:
    """Leave out an object, and the counts of owners, of which it was one."""
    found = [orjson.loads(line) for line in lines]
    return [
        line
        for line, said in zip(lines, found, strict=True)
        if said.get("object_id") != object_id and said["kind"] != "OwnerTotal"
    ]


def lose_a_version(stacks: Stacks) -> str:
    """Put an old backup in the place of the object."""
    folder = stacks.folder
    shutil.rmtree(folder / "v2")
    for name in ("inventory.json", "inventory.json.sha512"):
        shutil.copy(folder / "v1" / name, folder / name)
    return str(folder)


def lose_the_object(stacks: Stacks) -> str:
    shutil.rmtree(stacks.folder)
    return str(stacks.folder)


def forge_the_inventory(stacks: Stacks) -> str:
    """Exchange an inventory together with its sidecar, in both places."""
    forged = (stacks.folder / "inventory.json").read_bytes().replace(b"Version 2", b"Version X")
    sidecar = hashlib.sha512(forged).hexdigest().encode() + b" inventory.json\n"
    for place in ("", "v2/"):
        rewrite(stacks.shelf.root, stacks.victim, f"{place}inventory.json", forged)
        rewrite(stacks.shelf.root, stacks.victim, f"{place}inventory.json.sha512", sidecar)
    return str(stacks.folder)


Damage = Callable[[Stacks], str]

COSTS_THE_OBJECT: dict[str, tuple[Damage, str]] = {
    "inventory missing": (lambda s: s.lose("inventory.json"), r"inventory\.json"),
    "inventory altered": (
        lambda s: s.rewrite("inventory.json", lambda b: b.replace(b"Version 1", b"Version X")),
        "its sidecar says",
    ),
    "inventory cut short": (lambda s: s.rewrite("inventory.json", half), "not JSON"),
    "sidecar missing": (
        lambda s: s.lose("inventory.json.sha512"),
        r"inventory\.json\.sha512 is missing",
    ),
    "sidecar garbled": (
        lambda s: s.rewrite("inventory.json.sha512", lambda _: b"\xff\x00"),
        "is not of the form",
    ),
    "inventory of an old version altered": (
        lambda s: s.rewrite("v1/inventory.json", lambda b: b + b" "),
        "its sidecar says",
    ),
    "premis missing": (lambda s: s.lose(f"v1/{PREMIS}"), r"premis\.xml is missing"),
    "premis cut short": (lambda s: s.rewrite(f"v1/{PREMIS}", half), r"premis\.xml"),
    "premis altered": (
        lambda s: s.rewrite(f"v1/{PREMIS}", lambda b: b.replace(b"ingestion", b"migration")),
        r"premis\.xml' has the SHA-512",
    ),
    "premis of files cut short": (lambda s: s.rewrite(f"v1/{OF_FILES}", half), r"premis\.xml"),
    "premis of files altered": (
        lambda s: s.rewrite(f"v1/{OF_FILES}", lambda b: b.replace(b"x-fmt/111", b"x-fmt/112")),
        r"premis\.xml' has the SHA-512",
    ),
    "METS missing": (lambda s: s.lose("v1/content/METS.xml"), r"METS\.xml is missing"),
    "METS cut short": (lambda s: s.rewrite("v1/content/METS.xml", half), r"METS\.xml"),
    "METS is no XML": (lambda s: s.rewrite("v1/content/METS.xml", lambda _: b"\x00"), r"METS\.xml"),
    "Dublin Core altered": (
        lambda s: s.rewrite("v1/content/metadata/descriptive/dc.xml", lambda b: b + b"<!-- -->"),
        r"dc\.xml' has the SHA-512",
    ),
    "inventory forged": (forge_the_inventory, "version 2 is not the one that was sealed"),
    "version lost": (lose_a_version, "version 2 was sealed; storage has 1"),
    "object lost": (lose_the_object, "the ledger speaks of it; storage does not have it"),
}


@pytest.mark.parametrize("name", COSTS_THE_OBJECT)
def test_damage_of_an_object_costs_no_other(stacks: Stacks, name: str) -> None:
    do, reason = COSTS_THE_OBJECT[name]
    before = without_lines_of(stacks.victim, list(dump()))
    path = do(stacks)
    problems = stacks.shelf.rebuild().problems
    assert {(each.object_id, each.path) for each in problems} <= {
        (stacks.victim, path),
        *((stacks.victim, str(stacks.folder / f"v1/{each}")) for each in (PREMIS, OF_FILES)),
        (stacks.victim, str(stacks.folder / "v1/content/METS.xml")),
    }
    (told,) = [each for each in problems if each.path == path]
    assert re.search(reason, told.reason), told.reason
    assert without_lines_of(stacks.victim, list(dump())) == before


def cut_a_file_short(stacks: Stacks) -> str:
    stacks.rewrite(f"{DATA}/b/c.txt", lambda _: b"")
    return str(stacks.folder / DATA / "b/c.txt")


def lose_a_file(stacks: Stacks) -> str:
    stacks.lose(f"{DATA}/b/c.txt")
    return str(stacks.folder / DATA / "b/c.txt")


def lose_a_file_of_the_package(stacks: Stacks) -> str:
    stacks.lose("v1/content/documentation/README.txt")
    return str(stacks.folder / "v1/content/documentation/README.txt")


def put_a_folder_in_its_place(stacks: Stacks) -> str:
    lose_a_file(stacks)
    (stacks.folder / DATA / "b/c.txt").mkdir()
    return str(stacks.folder / DATA / "b/c.txt")


def leave_a_file(stacks: Stacks) -> str:
    path = stacks.shelf.folder / "storage/notes.txt"
    path.write_bytes(b"")
    return str(path)


def leave_a_folder(stacks: Stacks) -> str:
    path = stacks.shelf.folder / "storage/photos"
    path.mkdir()
    (path / "1.jpg").write_bytes(b"")
    return str(path)


def leave_an_object(stacks: Stacks) -> str:
    path = stacks.shelf.folder / "storage/other"
    path.mkdir()
    (path / "0=ocfl_object_1.1").write_bytes(b"")
    return str(path)


def tear_the_ledger(stacks: Stacks) -> str:
    with stacks.journal().open("ab") as stream:
        stream.write(b'{"seq": 99, "half')
    return stacks.journal().name


def garble_the_ledger(stacks: Stacks) -> str:
    with stacks.journal().open("ab") as stream:
        stream.write(b"\x00\xff\n")
    return stacks.journal().name


def record_nonsense(stacks: Stacks) -> str:
    stacks.shelf.ledger.append([NewRecord("lifecycle", stacks.victim, {"state": "asleep"})])
    return "ledger"


COSTS_NO_ROW: dict[str, tuple[Damage, str, str]] = {
    "file cut short": (cut_a_file_short, "content-lost", "it has 0 bytes, sealed were 1"),
    "file missing": (lose_a_file, "content-lost", "it is missing"),
    "file of ours missing": (lose_a_file_of_the_package, "content-lost", "it is missing"),
    "folder in place of a file": (put_a_folder_in_its_place, "content-lost", "no regular file"),
    "stray file": (leave_a_file, "stranger", "outside of any object"),
    "alien folder": (leave_a_folder, "stranger", "no object, and holds files"),
    "alien object": (leave_an_object, "stranger", "not of this archive"),
    "torn last line": (tear_the_ledger, "LEDGER-TORN", "cut short by a crash"),
    "garbled line": (garble_the_ledger, "LEDGER-UNREADABLE", "not a ledger record"),
    "record of nonsense": (record_nonsense, "corrupt-object", "'asleep' is not a valid"),
}


@pytest.mark.parametrize("name", COSTS_NO_ROW)
def test_damage_around_the_metadata_costs_no_row(stacks: Stacks, name: str) -> None:
    do, code, reason = COSTS_NO_ROW[name]
    before = list(dump())
    path = do(stacks)
    (told,) = stacks.shelf.rebuild().problems
    assert (told.path, told.code) == (path, code)
    assert reason in told.reason
    assert list(dump()) == before


def test_names_that_are_no_text_are_shown_all_the_same(stacks: Stacks) -> None:
    before = list(dump())
    (Path(stacks.shelf.folder) / "storage" / "caf\udce9").write_bytes(b"")
    (told,) = stacks.shelf.rebuild().problems
    assert told.path.endswith("storage/caf%E9")
    assert list(dump()) == before


def test_of_many_lost_files_some_are_named_and_all_are_counted(shelf: Shelf) -> None:
    object_id = shelf.store(Content(files={f"{n}.txt": b"%d" % n for n in range(120)})).object_id
    shutil.rmtree(shelf.root.path_of(object_id) / DATA)
    problems = shelf.rebuild().problems
    assert len(problems) == 101
    assert [each.reason for each in problems if "more" in each.reason] == [
        "and 20 more of its files"
    ]


def test_a_damaged_month_of_the_ledger_costs_what_it_alone_told(stacks: Stacks) -> None:
    stacks.shelf.clock.advance(40 * 86_400)
    stacks.shelf.ledger.seal_closed_days()
    (month,) = stacks.shelf.folder.rglob("*ledger%3a2026-01")
    rewrite(stacks.shelf.root, ObjectId("urn:x-muniment:ledger:2026-01"), "inventory.json", b"{}")
    (told,) = stacks.shelf.rebuild().problems
    assert (told.path, told.code) == ("urn:x-muniment:ledger:2026-01", "LEDGER-DAY-LOST")
    assert IntellectualEntity.objects.count() == 3
    assert month.is_dir()


def test_a_folder_that_cannot_be_listed_costs_what_lies_in_it(stacks: Stacks) -> None:
    before = list(dump())
    bury_a_folder(stacks.shelf.folder / "storage")
    (told,) = stacks.shelf.rebuild().problems
    assert (told.code, told.reason) == ("stranger", "cannot be listed: File name too long")
    assert list(dump()) == before


def test_an_interrupted_rebuild_tells_every_damage_when_it_is_gone_on_with(
    stacks: Stacks,
) -> None:
    cut_a_file_short(stacks)
    leave_a_folder(stacks)
    tear_the_ledger(stacks)
    whole = stacks.shelf.rebuild().problems
    before = list(dump())

    class StoppedError(Exception):
        """Ends a rebuild as a signal would."""

    def stop(done: int, _: int | None, _name: str) -> None:
        if done == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        stacks.shelf.rebuild(on_progress=stop)
    report = stacks.shelf.rebuild()
    assert (report.resumed, report.problems) == (True, whole)
    assert list(dump()) == before


def test_what_was_mended_meanwhile_is_no_problem_any_more(stacks: Stacks) -> None:
    before = list(dump())
    sound = (stacks.folder / "inventory.json").read_bytes()
    stacks.rewrite("inventory.json", half)
    assert stacks.shelf.rebuild().problems
    rewrite(stacks.shelf.root, stacks.victim, "inventory.json", sound)
    assert stacks.shelf.rebuild().problems == ()
    assert list(dump()) == before


def test_storage_that_holds_nothing_empties_no_catalogue(stacks: Stacks) -> None:
    before, root = list(dump()), stacks.shelf.root
    shutil.rmtree(stacks.shelf.folder / "storage")
    root.initialise()  # as on a mount point whose disk is not there
    with pytest.raises(WrongState, match="is its disk mounted"):
        stacks.shelf.rebuild()
    with pytest.raises(WrongState, match="is its disk mounted"):
        rebuild_rows(root=root, ledger=stacks.shelf.ledger, actor=SYSTEM)
    assert list(dump()) == before
    assert Copy.objects.count() == 4


def test_a_root_that_is_gone_empties_no_catalogue(stacks: Stacks) -> None:
    before = list(dump())
    (stacks.shelf.folder / "storage").rename(stacks.shelf.folder / "gone")
    with pytest.raises(StorageUnavailable):
        stacks.shelf.rebuild()
    assert list(dump()) == before
