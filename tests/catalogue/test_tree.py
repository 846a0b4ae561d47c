"""The tree of files: folder by folder, quick at any size, true to the newest version."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from muniment.catalogue.adapters.bulk import bulk_writer
from muniment.catalogue.indexing.folders import FolderCounts, folder_of, write_folders
from muniment.catalogue.models import File, Folder, IntellectualEntity, PathKey, Representation
from muniment.catalogue.models.folder import folder_key
from muniment.catalogue.queries.tree import TreeEntry, open_folder
from muniment.runtime.errors import InvalidArgument, ObjectMissing
from tests.catalogue.shelves import Content, Shelf

pytestmark = pytest.mark.django_db
FILES = {"a.txt": b"a", "b/c.txt": b"cc", "b/d/e.txt": b"eee", "b/d/f.txt": b"ffff"}


def archived(shelf: Shelf, *files: dict[str, bytes]) -> IntellectualEntity:
    object_id = None
    for each in files:
        object_id = shelf.seal(Content(files=each), object_id).object_id
    assert object_id is not None
    shelf.index(object_id)
    return IntellectualEntity.objects.get(object_id=object_id)


def rows(entity: IntellectualEntity, path: str = "") -> list[tuple[str, int, int]]:
    found = open_folder(entity, path).page.rows
    return [(each.name, each.file_count, each.size_bytes) for each in found]


def test_the_top_holds_the_representations(shelf: Shelf) -> None:
    assert rows(archived(shelf, FILES)) == [("original", 4, 10)]


def test_a_folder_gives_folders_before_files_with_all_that_lies_below(shelf: Shelf) -> None:
    entity = archived(shelf, FILES)
    assert rows(entity, "original") == [("b", 3, 9), ("a.txt", 1, 1)]
    assert rows(entity, "original/b") == [("d", 2, 7), ("c.txt", 1, 2)]
    assert rows(entity, "original/b/d/") == [("e.txt", 1, 3), ("f.txt", 1, 4)]


def test_the_tree_is_that_of_the_newest_version(shelf: Shelf) -> None:
    entity = archived(shelf, FILES, {"a.txt": b"a", "g/h.txt": b"hh"})
    assert rows(entity, "original") == [("g", 1, 2), ("a.txt", 1, 1)]
    with pytest.raises(ObjectMissing):
        open_folder(entity, "original/b")


@pytest.mark.parametrize("path", ["nothing", "original/x", "original/a.txt", "original//b", "\0"])
def test_what_is_no_folder_is_missing(path: str, shelf: Shelf) -> None:
    entity = archived(shelf, FILES)
    with pytest.raises(ObjectMissing):
        open_folder(entity, path)


def every_page(entity: IntellectualEntity, path: str, limit: int) -> Iterator[TreeEntry]:
    after = ""
    while True:
        page = open_folder(entity, path, limit=limit, after=after).page
        assert len(page.rows) <= limit
        yield from page.rows
        if not page.next:
            return
        after = page.next


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 100])
def test_pages_follow_each_other_over_folders_and_files(limit: int, shelf: Shelf) -> None:
    names = [f"{n}/x" for n in range(4)] + [f"f{n}" for n in range(3)]
    entity = archived(shelf, dict.fromkeys(names, b"x"))
    found = [each.name for each in every_page(entity, "original", limit)]
    assert found == ["0", "1", "2", "3", "f0", "f1", "f2"]


@pytest.mark.parametrize("after", ["x", "WyJhIl0", "WyJhIiwiYiIsImMiXQ", "WyJmaWxlIiwiYSIsImIiXQ"])
def test_a_cursor_of_something_else_is_refused(after: str, shelf: Shelf) -> None:
    entity = archived(shelf, FILES)
    with pytest.raises(InvalidArgument):
        open_folder(entity, "original", after=after)


@pytest.mark.parametrize("count", [3, 30])
def test_a_page_costs_three_queries(
    count: int, shelf: Shelf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    names = [f"{n:03}/x" for n in range(count)] + [f"{n:03}.txt" for n in range(count)]
    entity = archived(shelf, dict.fromkeys(names, b"x"))
    with django_assert_num_queries(3):
        list(open_folder(entity, "original").page.rows)


def many_files(entity: IntellectualEntity, count: int) -> None:
    """Add rows of files as an index would, spread over folders and in one."""
    representation = Representation.objects.get(entity=entity)
    names = [f"deep/{n % 300:03}/{n:06}.txt" for n in range(count // 2)]
    names += [f"flat/{n:06}.txt" for n in range(count // 2)]
    counts, model = FolderCounts(), File.objects.get(entity=entity)
    columns = ("entity_id", "representation_id", "first_version", "folder", "file_id", "path",
               "size_bytes", "sha512", "digests", "warnings", "properties", "original_name",
               "puid", "format_name", "format_version", "mime_type", "basis", "validity",
               "modified_at")  # fmt: skip

    def row(number: int, path: str) -> tuple[object, ...]:
        counts.add(path, 1)
        key = folder_key("original", folder_of(path))
        identifier = f"00000000-0000-4000-8000-{number:012}"
        return (entity.pk, representation.pk, 1, key, identifier, path, 1,
                bytes(model.sha512), {}, [], {}, *[""] * 8)  # fmt: skip

    bulk_writer().write(File, columns, (row(number, path) for number, path in enumerate(names)))
    write_folders(representation, counts, bulk_writer())


def test_no_page_of_a_large_tree_looks_at_all_files(
    shelf: Shelf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    entity = archived(shelf, {"a.txt": b"a"})
    many_files(entity, 20_000)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    for path in ("original", "original/deep", "original/flat", "original/deep/007"):
        with django_assert_max_num_queries(3):
            open_folder(entity, path)
    assert rows(entity, "original") == [
        ("deep", 10_000, 10_000),
        ("flat", 10_000, 10_000),
        ("a.txt", 1, 1),
    ]
    inside = File.objects.current().filter(entity=entity, folder=folder_key("original", "flat"))
    ordered = inside.annotate(order=PathKey("path")).order_by("order", "file_id")
    assert "file_by_folder" in ordered[:10].explain()


def test_an_archive_of_before_gets_its_folders_by_the_migration(shelf: Shelf) -> None:
    entity = archived(shelf, FILES, {"a.txt": b"a", "g/h.txt": b"hh"})
    keys = ("key", "parent", "name", "file_count", "size_bytes")
    before = set(Folder.objects.values_list(*keys))
    files = set(File.objects.values_list("pk", "folder"))
    Folder.objects.all().delete()
    File.objects.update(folder=0)
    migration = importlib.import_module("muniment.catalogue.migrations.0006_fill_folders")
    for _ in range(2):
        migration.fill(apps, None)  # the editor is not used
        assert set(Folder.objects.values_list(*keys)) == before
        assert set(File.objects.values_list("pk", "folder")) == files
    assert rows(entity, "original") == [("g", 1, 2), ("a.txt", 1, 1)]


_PART = st.text(st.characters(blacklist_characters="/\0", codec="utf-8"), min_size=1, max_size=5)


@given(st.sets(st.lists(_PART, min_size=1, max_size=4).map("/".join), max_size=20))
def test_counts_are_those_of_counting(paths: set[str]) -> None:
    counts = FolderCounts()
    for path in paths:
        counts.add(path, 2)
    for folder, (files, size) in counts.totals().items():
        below = [path for path in paths if not folder or path.startswith(folder + "/")]
        assert (files, size) == (len(below), 2 * len(below))
