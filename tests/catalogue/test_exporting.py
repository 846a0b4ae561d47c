"""Many objects at once: each by its own permission, one fault keeps nobody back."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.catalogue.adapters.search import search_index
from muniment.catalogue.queries.search import objects_found
from muniment.catalogue.services import Exporter, apply_ledger, index_search
from muniment.information.bagit import validate_bag
from muniment.information.identifiers import ObjectId, new_object_id
from muniment.runtime.actor import SYSTEM, Actor, Role, actor_with
from muniment.runtime.errors import InvalidArgument
from muniment.storage.exporting.consignment import open_consignment
from muniment.storage.exporting.dissemination import give_out
from muniment.storage.exporting.export import (
    Exported,
    ExportForm,
    ExportRequest,
    export_version,
)
from tests.catalogue.shelves import Content, Shelf

pytestmark = pytest.mark.django_db


def an_object(shelf: Shelf, title: str = "A harbour", owner: str = "ada") -> ObjectId:
    sealed = shelf.seal(Content(title=title, owner=owner))
    shelf.index(sealed.object_id)
    index_search([sealed.object_id], index=search_index())
    return sealed.object_id


def exporter(shelf: Shelf, actor: Actor = SYSTEM, form: ExportForm = ExportForm.BAG) -> Exporter:
    return Exporter(shelf.archive, actor, form)


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
        shelf.archive, SYSTEM, ExportForm.ZIP, lambda count, _path: counts.append(count)
    )
    done = list(told.export([an_object(shelf), an_object(shelf)], tmp_path / "out"))
    assert len(done) == 2
    assert counts == list(range(1, len(counts) + 1))
    assert len(counts) > 2 * 2


def disseminations(shelf: Shelf) -> list[dict[str, object]]:
    told = [each.payload for each in shelf.ledger.read() if "dissemination" in each.payload]
    assert {each["event_type"] for each in told} <= {"dissemination"}
    return told


def test_what_was_given_out_is_in_the_ledger_with_who_what_and_where(
    shelf: Shelf, tmp_path: Path
) -> None:
    one = an_object(shelf, owner="bob")
    bob = actor_with("bob", Role.DEPOSITOR)
    (done,) = exporter(shelf, bob).export([one], tmp_path / "out")
    (told,) = disseminations(shelf)
    shipped = done.shipped
    assert shipped is not None
    assert told["dissemination"] == {
        "version": 1,
        "form": "bag",
        "to": str(tmp_path / "out" / f"{one}-v1"),
        "file_count": shipped.file_count,
        "size_bytes": shipped.size_bytes,
    }
    assert told["event_id"] == shipped.event_id
    assert [each["name"] for each in told["agents"]] == ["muniment", "bob"]  # type: ignore[attr-defined]  # JSON
    assert f"{shipped.size_bytes} bytes, to {tmp_path / 'out'}" in str(told["outcome_detail"])


def test_one_version_to_a_place_is_told_too(shelf: Shelf, tmp_path: Path) -> None:
    request = ExportRequest(an_object(shelf), ExportForm.ZIP, tmp_path / "out.zip")
    give_out(request, archive=shelf.archive, actor=SYSTEM, on_progress=lambda *_: None)
    (told,) = disseminations(shelf)
    assert told["detail"] == "version 1 was exported as a ZIP file"


def test_what_was_not_given_out_is_not_told(shelf: Shelf, tmp_path: Path) -> None:
    bad = an_object(shelf)
    content = next(shelf.root.path_of(bad).rglob("a.txt"))
    content.chmod(0o600)
    content.write_bytes(b"x")
    list(exporter(shelf).export([bad], tmp_path / "out"))
    assert disseminations(shelf) == []


def test_an_export_that_nobody_told_of_is_told_by_the_next_run_and_then_no_more(
    shelf: Shelf, tmp_path: Path
) -> None:
    """A kill between the manifest and the ledger; the manifest names the event."""
    one = an_object(shelf)
    with open_consignment(tmp_path / "out") as consignment:
        consignment.take(one, 1, ExportForm.BAG, lambda place: _written(shelf, one, place))
    assert disseminations(shelf) == []
    for _ in range(3):
        (done,) = exporter(shelf).export([one], tmp_path / "out")
        assert not done.is_new
        apply_ledger(shelf.ledger.read())
    assert [each["event_id"] for each in disseminations(shelf)] == [done.shipped.event_id]  # type: ignore[union-attr]  # it is there


def _written(shelf: Shelf, object_id: ObjectId, place: Path) -> Exported:
    request = ExportRequest(object_id, ExportForm.BAG, place, 1)
    return export_version(request, root=shelf.root, actor=SYSTEM, clock=shelf.clock)


def test_names_of_places_that_are_no_text_are_told_all_the_same(
    shelf: Shelf, tmp_path: Path
) -> None:
    place = tmp_path / "caf\udce9"
    request = ExportRequest(an_object(shelf), ExportForm.ZIP, place)
    give_out(request, archive=shelf.archive, actor=SYSTEM, on_progress=lambda *_: None)
    (told,) = disseminations(shelf)
    assert str(told["outcome_detail"]).endswith("caf%E9")


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
