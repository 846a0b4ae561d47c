"""Many objects at once: each by its own permission, one fault keeps nobody back."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.catalogue.adapters.search import search_index
from muniment.catalogue.queries.search import objects_found
from muniment.catalogue.services import Exporter, index_search
from muniment.information.bagit import validate_bag
from muniment.information.identifiers import ObjectId, new_object_id
from muniment.runtime.actor import SYSTEM, Actor, Role, actor_with
from muniment.runtime.errors import InvalidArgument
from muniment.storage.exporting.export import ExportForm
from tests.catalogue.shelves import Content, Shelf

pytestmark = pytest.mark.django_db


def an_object(shelf: Shelf, title: str = "A harbour", owner: str = "ada") -> ObjectId:
    sealed = shelf.seal(Content(title=title, owner=owner))
    shelf.index(sealed.object_id)
    index_search([sealed.object_id], index=search_index())
    return sealed.object_id


def exporter(shelf: Shelf, actor: Actor = SYSTEM, form: ExportForm = ExportForm.BAG) -> Exporter:
    return Exporter(shelf.root, shelf.clock, actor, form)


def test_each_object_is_exported_once_in_the_order_asked_for(shelf: Shelf, tmp_path: Path) -> None:
    one, two = an_object(shelf), an_object(shelf)
    done = list(exporter(shelf).export([two, one, two], tmp_path / "out"))
    assert [(each.object_id, each.is_new) for each in done] == [(two, True), (one, True)]
    assert all(validate_bag(tmp_path / "out" / f"{each}-v1").is_valid for each in (one, two))


def test_a_second_run_only_adds_what_is_new(shelf: Shelf, tmp_path: Path) -> None:
    one = an_object(shelf)
    list(exporter(shelf).export([one], tmp_path / "out"))
    shelf.seal(Content(title="A second edition"), one)
    two = an_object(shelf)
    done = list(exporter(shelf).export([one, two], tmp_path / "out"))
    assert [each.shipped.name for each in done if each.shipped and each.is_new] == [
        f"{one}-v2",
        f"{two}-v1",
    ]
    (again, _) = exporter(shelf).export([one, two], tmp_path / "out")
    assert not again.is_new


def test_damage_of_one_keeps_nobody_back(shelf: Shelf, tmp_path: Path) -> None:
    bad, good = an_object(shelf), an_object(shelf)
    content = next(shelf.root.path_of(bad).rglob("a.txt"))
    content.chmod(0o600)
    content.write_bytes(b"x")
    first, second = exporter(shelf).export([bad, good], tmp_path / "out")
    assert first.error is not None
    assert (first.error.code, first.shipped) == ("fixity-mismatch", None)
    assert second.is_new
    assert not (tmp_path / "out" / f"{bad}-v1").exists()


def test_an_object_that_is_not_there_is_told(shelf: Shelf, tmp_path: Path) -> None:
    (done,) = exporter(shelf).export([new_object_id()], tmp_path / "out")
    assert done.error is not None
    assert done.error.code == "object-missing"


def test_a_depositor_takes_out_only_own_objects(shelf: Shelf, tmp_path: Path) -> None:
    own, other = an_object(shelf, owner="bob"), an_object(shelf, owner="ada")
    bob = actor_with("bob", Role.DEPOSITOR)
    first, second = exporter(shelf, bob).export([own, other], tmp_path / "out")
    assert first.is_new
    assert second.error is not None
    assert second.error.code == "object-missing", "not even told that it is there"


def test_progress_counts_files_over_all_objects(shelf: Shelf, tmp_path: Path) -> None:
    counts: list[int] = []
    told = Exporter(
        shelf.root, shelf.clock, SYSTEM, ExportForm.ZIP, lambda count, _path: counts.append(count)
    )
    done = list(told.export([an_object(shelf), an_object(shelf)], tmp_path / "out"))
    assert len(done) == 2
    assert counts == list(range(1, len(counts) + 1))
    assert len(counts) > 2 * 2


def test_a_query_finds_every_object_over_all_pages(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [an_object(shelf, title=f"Lighthouse {number}") for number in range(5)]
    an_object(shelf, title="A harbour")
    monkeypatch.setattr("muniment.catalogue.queries.search.MAX_LIMIT", 2)
    assert list(objects_found(SYSTEM, "lighthouse", index=search_index())) == made


def test_a_query_that_is_none_is_told_before_anything_is_written(shelf: Shelf) -> None:
    with pytest.raises(InvalidArgument):
        list(objects_found(SYSTEM, "size:>many", index=search_index()))
