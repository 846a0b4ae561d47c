"""Objects that cannot say what they hold, or are gone: told as such, and their copies marked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from muniment.information.identifiers import new_object_id
from muniment.runtime.actor import SYSTEM
from muniment.runtime.errors import ObjectMissing
from muniment.storage.fixity.checking import check_object
from muniment.storage.fixity.running import Scope
from muniment.storage.models import Copy, CopyState
from muniment.storage.rebuilding import rebuild_rows
from muniment.storage.types import FixityResult
from tests.storage.damage import lose, rewrite
from tests.storage.stocks import Stock, rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    return Stock(tmp_path, 2)


def states(stock: Stock, which: int = 0) -> set[str]:
    copies = Copy.objects.filter(object_id=stock.object_ids[which])
    return set(copies.values_list("state", flat=True))


def test_a_lost_inventory_marks_every_copy_that_is_known(stock: Stock) -> None:
    lose(stock.archive.root, stock.object_ids[0], "inventory.json")
    (check,) = stock.check(Scope.NAMED, object_ids=stock.object_ids[:1])
    assert (check.outcome, check.version) == ("missing", 2)
    assert states(stock) == {CopyState.MISSING}
    assert states(stock, 1) == {CopyState.VERIFIED}


def test_a_garbled_inventory_marks_every_copy_that_is_known(stock: Stock) -> None:
    rewrite(stock.archive.root, stock.object_ids[0], "inventory.json", b"{")
    (check,) = stock.check(Scope.NAMED, object_ids=stock.object_ids[:1])
    assert (check.outcome, check.version) == ("mismatch", 2)
    assert states(stock) == {CopyState.DAMAGED}


def test_the_event_does_not_say_that_files_were_read(stock: Stock) -> None:
    lose(stock.archive.root, stock.object_ids[0], "inventory.json")
    stock.check(Scope.NAMED, object_ids=stock.object_ids[:1])
    told = [each for each in stock.archive.ledger.read() if "fixity" in each.payload]
    assert str(told[-1].payload["detail"]).startswith("no file could be read")


def test_an_inventory_that_cannot_be_read_is_neither_damaged_nor_missing(stock: Stock) -> None:
    lose(stock.archive.root, stock.object_ids[0], "inventory.json").mkdir()
    checked = check_object(stock.object_ids[0], stock.archive.root)
    assert checked.outcome is FixityResult.COULD_NOT_READ
    assert checked.counts[FixityResult.MISMATCH] == 0


def test_an_object_that_is_gone_is_missing_in_a_run_of_all(stock: Stock) -> None:
    shutil.rmtree(stock.archive.root.path_of(stock.object_ids[0]))
    outcomes = {str(check.object_id): check.outcome for check in stock.check()}
    assert outcomes == dict(zip(stock.object_ids, ["missing", "correct"], strict=True))
    assert states(stock) == {CopyState.MISSING}


def test_an_object_that_is_gone_is_missing_when_it_is_named(stock: Stock) -> None:
    shutil.rmtree(stock.archive.root.path_of(stock.object_ids[0]))
    (check,) = stock.check(Scope.NAMED, object_ids=stock.object_ids[:1])
    assert check.outcome == "missing"


def test_an_object_that_nobody_knows_is_an_error(stock: Stock) -> None:
    with pytest.raises(ObjectMissing):
        stock.check(Scope.NAMED, object_ids=[new_object_id()])


def test_rows_of_a_damaged_object_come_back_once_it_is_mended(stock: Stock) -> None:
    inventory = stock.path(0, "inventory.json").read_bytes()
    lose(stock.archive.root, stock.object_ids[0], "inventory.json")
    stock.check()
    before = rows()
    stock.path(0, "inventory.json").write_bytes(inventory)
    rebuild_rows(root=stock.archive.root, ledger=stock.archive.ledger, actor=SYSTEM)
    assert rows() == before


@pytest.mark.parametrize("claimed", ["v3", "v999999999", "v9999999999999999999"])
def test_versions_that_only_an_inventory_claims_are_one_line(stock: Stock, claimed: str) -> None:
    """However many it claims: a check costs what is there."""
    inventory = stock.path(0, "inventory.json").read_bytes()
    assert b'"head":"v2"' in inventory.replace(b" ", b"")
    claims = inventory.replace(b'"v2"', f'"{claimed}"'.encode(), 1)
    rewrite(stock.archive.root, stock.object_ids[0], "inventory.json", claims)
    (check,) = stock.check(Scope.NAMED, object_ids=stock.object_ids[:1])
    assert (check.outcome, check.version) == ("mismatch", 2)
    lines = {line["path"]: line["result"] for line in check.lines}
    assert lines == {"inventory.json": "mismatch", "v3": "missing"}


def test_versions_that_are_missing_in_between_are_one_line(stock: Stock) -> None:
    folder = stock.archive.root.path_of(stock.object_ids[0])
    (folder / "v2").rename(folder / "v999999999")
    inventory = stock.path(0, "inventory.json").read_bytes()
    claims = inventory.replace(b'"v2"', b'"v999999999"', 1)
    rewrite(stock.archive.root, stock.object_ids[0], "inventory.json", claims)
    lines = check_object(stock.object_ids[0], stock.archive.root).lines
    assert ("v2", "v2 to v999999998 are missing") in {(each.path, each.reason) for each in lines}
    assert len(lines) == 2


def test_a_sound_inventory_is_not_blamed_for_the_damaged_one(stock: Stock) -> None:
    """The root's inventory no longer is that of v2, which is as it was sealed."""
    inventory = stock.path(0, "inventory.json").read_bytes()
    rewrite(stock.archive.root, stock.object_ids[0], "inventory.json", inventory + b" ")
    lines = check_object(stock.object_ids[0], stock.archive.root).lines
    assert [each.path for each in lines] == ["inventory.json"]
