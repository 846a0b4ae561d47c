"""A sealed version becomes rows: all of them, once, and only what changed."""

from __future__ import annotations

import hashlib

import pytest

from muniment.catalogue.dumping import dump
from muniment.catalogue.models import (
    DescriptiveTerm,
    Event,
    File,
    Identifier,
    IntellectualEntity,
    Representation,
    Version,
)
from muniment.information.aip import VersionReason
from muniment.runtime.errors import FixityMismatch
from tests.catalogue.shelves import Content, Shelf
from tests.storage.damage import rewrite

pytestmark = pytest.mark.django_db


def test_the_first_version_becomes_rows(shelf: Shelf) -> None:
    content = Content(owner="ada", identifiers=[("cern-sip:cds", "2650")])
    sealed = shelf.seal(content)
    done = shelf.index(sealed.object_id)
    entity = IntellectualEntity.objects.get()
    assert (done.number, done.was_there) == (1, False)
    assert (entity.title, entity.owner, entity.head) == ("A harbour", "ada", 1)
    assert (entity.file_count, entity.size_bytes) == (2, 2)
    assert [str(each) for each in Identifier.objects.all()] == ["cern-sip:cds:2650"]
    version = Version.objects.get()
    assert (version.reason, version.source, version.pipeline) == ("ingest", "cds", "default")
    assert bytes(version.inventory_sha512).hex() == sealed.inventory_sha512


def test_a_file_has_all_that_premis_says_of_it(shelf: Shelf) -> None:
    said = {
        "puid": "fmt/43",
        "format_name": "JPEG",
        "format_version": "1.01",
        "mime_type": "image/jpeg",
        "basis": "byte match",
        "warnings": ("extension mismatch", "odd"),
        "validity": "invalid",
        "properties": {"image.width": "640"},
        "original_name": "A%00.jpg",
        "modified_at": "2020-01-02T03:04:05Z",
    }
    sealed = shelf.seal(Content(files={"a.jpg": b"jpeg"}, described={"a.jpg": said}))
    shelf.index(sealed.object_id)
    file = File.objects.get()
    assert {name: getattr(file, name) for name in said} == {
        **said,
        "warnings": ["extension mismatch", "odd"],
    }
    assert (file.path, file.size_bytes) == ("a.jpg", 4)
    assert bytes(file.sha512) == hashlib.sha512(b"jpeg").digest()
    assert bytes(file.sha256 or b"") == hashlib.sha256(b"jpeg").digest()


def test_indexing_twice_changes_nothing(shelf: Shelf) -> None:
    sealed = shelf.seal()
    shelf.index(sealed.object_id, 1)
    before = list(dump())
    assert shelf.index(sealed.object_id, 1).was_there
    assert list(dump()) == before


def test_a_file_that_stays_keeps_its_row(shelf: Shelf) -> None:
    first = shelf.seal(Content(files={"a": b"1", "b": b"2", "c": b"3"}))
    shelf.index(first.object_id)
    rows = dict(File.objects.values_list("path", "pk"))
    shelf.seal(
        Content(files={"a": b"1", "b": b"changed", "d": b"4"}, reason=VersionReason.RE_INGEST),
        first.object_id,
    )
    shelf.index(first.object_id)
    found = File.objects.values_list("path", "first_version", "last_version")
    assert sorted(found, key=str) == [
        ("a", 1, None),
        ("b", 1, 1),
        ("b", 2, None),
        ("c", 1, 1),
        ("d", 2, None),
    ]
    assert File.objects.get(path="a").pk == rows["a"]


def test_a_new_description_of_the_same_bytes_begins_a_new_interval(shelf: Shelf) -> None:
    first = shelf.seal(Content(files={"a": b"1"}))
    again = Content(files={"a": b"1"}, described={"a": {"puid": "fmt/99"}})
    shelf.seal(again, first.object_id)
    shelf.index(first.object_id)
    found = File.objects.order_by("first_version").values_list("puid", "last_version", "file_id")
    (old, old_last, old_id), (new, new_last, new_id) = found
    assert (old, old_last, new, new_last) == ("x-fmt/111", 1, "fmt/99", None)
    assert old_id == new_id


def test_versions_that_were_missed_are_caught_up_with(shelf: Shelf) -> None:
    first = shelf.seal()
    shelf.seal(Content(title="Second"), first.object_id)
    shelf.seal(Content(title="Third"), first.object_id)
    shelf.index(first.object_id, 3)
    assert list(Version.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    assert IntellectualEntity.objects.get().title == "Third"


def test_events_are_carried_forward_and_kept_once(shelf: Shelf) -> None:
    first = shelf.seal()
    shelf.seal(Content(reason=VersionReason.RE_INGEST), first.object_id)
    shelf.index(first.object_id)
    packed = Event.objects.filter(version__isnull=False).order_by("date_time", "type")
    kinds = list(packed.values_list("type", "version"))
    assert kinds == [
        ("format identification", 1),
        ("ingestion", 1),
        ("format identification", 2),
        ("modification", 2),
    ]


def test_events_of_files_and_representations_say_what_they_are_about(shelf: Shelf) -> None:
    content = Content(file_events=[("a.txt", "validation", "failure")])
    sealed = shelf.seal(content)
    shelf.index(sealed.object_id)
    about_file = Event.objects.get(type="validation")
    assert about_file.file_id == File.objects.get(path="a.txt").file_id
    assert about_file.representation is None
    about_all = Event.objects.get(type="format identification")
    assert about_all.representation == Representation.objects.get()
    assert about_all.file_id is None
    agent = about_all.linked_agents.get()
    assert (agent.role, str(agent.agent)) == ("executing program", "Muniment 0.1.0")


def test_terms_that_stay_the_same_are_not_written_again(shelf: Shelf) -> None:
    first = shelf.seal(Content(terms=[("subject", "maps", "en")]))
    shelf.seal(Content(terms=[("subject", "maps", "en")], files={"x": b"x"}), first.object_id)
    shelf.seal(Content(terms=[("subject", "plans", "")], files={"x": b"x"}), first.object_id)
    shelf.index(first.object_id)
    found = DescriptiveTerm.objects.order_by("first_version", "position")
    assert list(found.values_list("term", "value", "first_version", "last_version")) == [
        ("title", "A harbour", 1, 2),
        ("subject", "maps", 1, 2),
        ("title", "A harbour", 3, None),
        ("subject", "plans", 3, None),
    ]


@pytest.mark.parametrize(("path", "old", "new"), [
    ("METS.xml", b"AIP", b"SIP"),
    ("metadata/preservation/premis.xml", b"ingestion", b"migration"),
    ("metadata/descriptive/dc.xml", b"harbour", b"fortress"),
    ("representations/original/metadata/preservation/premis.xml", b"x-fmt/111", b"x-fmt/112"),
])  # fmt: skip
def test_metadata_that_somebody_altered_are_not_believed(
    shelf: Shelf, path: str, old: bytes, new: bytes
) -> None:
    object_id = shelf.seal().object_id
    sound = (shelf.root.path_of(object_id) / "v1/content" / path).read_bytes()
    assert old in sound
    rewrite(shelf.root, object_id, f"v1/content/{path}", sound.replace(old, new))
    with pytest.raises(FixityMismatch, match=path):
        shelf.index(object_id)
    assert not IntellectualEntity.objects.exists()
