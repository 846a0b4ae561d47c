"""The contract of `SearchIndex`: every engine finds the same, in the same order.

The database's own index is that of the run (`--db`); the twin in memory runs always.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.catalogue.adapters.search import INDEXES, search_index
from muniment.catalogue.adapters.search_memory import MemorySearchIndex
from muniment.catalogue.ports import SearchIndex
from muniment.catalogue.search.query_language import parse_query
from muniment.catalogue.search.types import Document, SearchPage, SearchQuery, Sort, Visibility
from muniment.runtime.errors import InvalidArgument

pytestmark = pytest.mark.django_db

OpenIndex = Callable[[], SearchIndex]


def memory() -> SearchIndex:
    return MemorySearchIndex()


def database() -> SearchIndex:
    return search_index()


every_index = pytest.mark.parametrize("open_index", [memory, database])

ALL = Visibility(sees_all=True)


def an_id(number: int) -> str:
    return str(UUID(int=number))


def a_document(number: int = 1, **said: object) -> Document:
    base = Document(
        object_id=an_id(number),
        owner="ada",
        title="The harbour of Marseille",
        description="Drawings and a survey; drawn in 1890.\n10.17181/example",
        names=("plans/Quai_Nord-001.tif", "plans/élévation.pdf"),
        archived_at=datetime(2026, 2, 1, tzinfo=UTC),
        modified_at=datetime(2026, 3, 1, tzinfo=UTC),
        file_count=2,
        size_bytes=2000,
        facets={"format": ["fmt/353", "fmt/18"], "tag": ["maps"], "source": ["local"]},
    )
    return replace(base, **said)  # type: ignore[arg-type]  # members of Document


def ask(index: SearchIndex, text: str, *, visible: Visibility = ALL, **said: object) -> SearchPage:
    query = replace(parse_query(text), **said)  # type: ignore[arg-type]  # members of SearchQuery
    return index.query(query, visible=visible)


def found(page: SearchPage) -> list[int]:
    return [UUID(hit.object_id).int for hit in page.hits]


def test_the_adapter_of_every_database_is_listed() -> None:
    assert set(INDEXES) == {"sqlite", "postgresql"}


@every_index
@pytest.mark.parametrize(
    "text",
    [
        "harbour",
        "HARBOUR marseille",
        '"harbour of marseille"',
        "harb*",
        '"of mars"*',
        "elevation",
        "Élévation",
        "quai nord",
        "name:quai_nord-001",
        "title:harbour description:survey",
        "10.17181/example",
        "1890 -berlin",
        "format:fmt/18",
        "format:fmt/1,fmt/18 tag:maps",
        "-tag:letters",
        "size:2kB files:2 size:>1999",
        "date:2026-02 modified:>2026-02-28",
        "",
        "source:local",
    ],
)
def test_a_document_is_found_by(open_index: OpenIndex, text: str) -> None:
    index = open_index()
    index.index([a_document()])
    assert found(ask(index, text)) == [1]


@every_index
@pytest.mark.parametrize(
    "text",
    [
        "berlin",
        '"marseille harbour"',
        "harbo",
        '"001 tif plans"',
        "title:survey",
        "name:harbour",
        "harbour -survey",
        "format:fmt/1",
        "-tag:maps",
        "size:>2000",
        "files:..1",
        "date:..2026-01",
        "-date:2026",
    ],
)
def test_a_document_is_not_found_by(open_index: OpenIndex, text: str) -> None:
    index = open_index()
    index.index([a_document()])
    assert found(ask(index, text)) == []


@every_index
def test_a_document_indexed_again_replaces_itself(open_index: OpenIndex) -> None:
    index = open_index()
    index.index([a_document(), a_document(2)])
    index.index([a_document(title="Letters", facets={"tag": ["letters"]})])
    assert found(ask(index, "letters")) == [1]
    assert found(ask(index, "title:harbour")) == [2]
    assert found(ask(index, "tag:maps")) == [2]
    assert ask(index, "").total == 2


@every_index
def test_the_last_document_of_an_object_in_one_call_wins(open_index: OpenIndex) -> None:
    index = open_index()
    index.index([a_document(title="First"), a_document(title="Last")])
    assert (found(ask(index, "first")), found(ask(index, "last"))) == ([], [1])


@every_index
def test_a_deleted_document_is_gone(open_index: OpenIndex) -> None:
    index = open_index()
    index.index([a_document(), a_document(2)])
    index.delete([an_id(1), an_id(77)])
    assert found(ask(index, "harbour")) == [2]


@every_index
def test_rebuilding_replaces_everything(open_index: OpenIndex) -> None:
    index = open_index()
    index.index([a_document()])
    assert index.rebuild([a_document(2), a_document(3)]) == 2
    assert found(ask(index, "harbour")) == [2, 3]


@every_index
@pytest.mark.parametrize(
    ("visible", "numbers"),
    [
        (Visibility(sees_all=True), [1, 2]),
        (Visibility(sees_all=False, owner="ada"), [1]),
        (Visibility(sees_all=False, owner=""), []),
        (Visibility(sees_all=False), []),
    ],
)
def test_nobody_finds_or_counts_what_they_may_not_see(
    open_index: OpenIndex, visible: Visibility, numbers: list[int]
) -> None:
    index = open_index()
    index.index([a_document(1, owner="ada"), a_document(2, owner="bob")])
    page = ask(index, "harbour", visible=visible, facets=("tag",))
    assert (found(page), page.total) == (numbers, len(numbers))
    assert sum(each.count for each in page.facets["tag"]) == len(numbers)


@every_index
def test_a_word_in_the_title_weighs_more_than_one_elsewhere(open_index: OpenIndex) -> None:
    index = open_index()
    index.index(
        [
            a_document(1, title="x", description="y", names=("harbour.tif",)),
            a_document(2, title="x", description="harbour", names=()),
            a_document(3, title="harbour", description="y", names=()),
            a_document(4, title="harbour", description="harbour", names=("harbour",)),
        ]
    )
    page = ask(index, "harbour")
    assert [(UUID(h.object_id).int, h.score) for h in page.hits] == [(4, 7), (3, 4), (2, 2), (1, 1)]


SIZES = [30, 10, 20, 20]


@every_index
@pytest.mark.parametrize(
    ("sort", "numbers"),
    [
        (Sort.LARGEST, [1, 3, 4, 2]),
        (Sort.SMALLEST, [2, 3, 4, 1]),
        (Sort.NEWEST, [4, 3, 2, 1]),
        (Sort.OLDEST, [1, 2, 3, 4]),
        (Sort.MODIFIED, [1, 2, 3, 4]),
        (Sort.RELEVANCE, [1, 2, 3, 4]),
    ],
)
def test_hits_come_in_the_order_asked_for_over_all_pages(
    open_index: OpenIndex, sort: Sort, numbers: Sequence[int]
) -> None:
    index = open_index()
    index.index(
        a_document(
            number,
            size_bytes=size,
            archived_at=datetime(2026, 1, number, 3, 4, 5, 678901, tzinfo=UTC),
            modified_at=datetime(2026, 2, 10 - number, tzinfo=UTC),
        )
        for number, size in enumerate(SIZES, start=1)
    )
    first = ask(index, "", sort=sort, limit=3)
    second = ask(index, "", sort=sort, limit=3, after=first.next)
    assert found(first) + found(second) == numbers
    assert (first.total, second.next) == (4, "")


@every_index
def test_a_cursor_that_is_none_is_refused(open_index: OpenIndex) -> None:
    index = open_index()
    with pytest.raises(InvalidArgument, match="cursor"):
        ask(index, "", after="nonsense")


@every_index
def test_facets_count_what_was_found(open_index: OpenIndex) -> None:
    index = open_index()
    index.index(
        [
            a_document(1, facets={"tag": ["maps", "old"], "format": ["fmt/1"]}),
            a_document(2, facets={"tag": ["maps"]}),
            a_document(3, title="Letters", facets={"tag": ["letters"]}),
        ]
    )
    page = ask(index, "harbour", facets=("tag", "format", "source"))
    assert {
        name: [(each.value, each.count) for each in counts] for name, counts in page.facets.items()
    } == {"tag": [("maps", 2), ("old", 1)], "format": [("fmt/1", 1)], "source": []}


@every_index
def test_found_words_are_marked(open_index: OpenIndex) -> None:
    index = open_index()
    index.index([a_document(description="Long " * 40 + "an élévation of it " + "tail " * 40)])
    (hit,) = ask(index, "harbour elevation").hits
    assert hit.highlights[0] == "The ⟦harbour⟧ of Marseille"
    assert "an ⟦élévation⟧ of" in hit.highlights[1]
    assert hit.highlights[1].startswith("…")
    assert hit.highlights[1].endswith("…")


@every_index
def test_a_hit_shows_what_it_is(open_index: OpenIndex) -> None:
    index = open_index()
    index.index([a_document()])
    (hit,) = ask(index, "").hits
    made = a_document()
    assert (hit.title, hit.archived_at, hit.modified_at, hit.file_count, hit.size_bytes) == (
        made.title,
        made.archived_at,
        made.modified_at,
        made.file_count,
        made.size_bytes,
    )


@every_index
def test_every_name_of_a_big_object_is_found(open_index: OpenIndex) -> None:
    index = open_index()
    names = tuple(f"series {n % 7}/page-{n:05}.tif" for n in range(20_000))
    index.index([a_document(names=names)])
    for text in ('"page 19999 tif"', "page-00000.tif", '"series 3" 12345', "tif"):
        assert found(ask(index, text)) == [1]
    assert found(ask(index, '"tif series"')) == []


TEXTS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]),
    max_size=30,
)


@given(title=TEXTS, name=TEXTS, asked=TEXTS)
def test_the_engines_agree_with_the_twin(title: str, name: str, asked: str) -> None:
    document = a_document(title=title, description="", names=(name,))
    query = parse_query('"' + asked.replace('"', "") + '"')
    own = parse_query('"' + title.replace('"', "") + '"')
    twin, engine = memory(), database()
    for index in (twin, engine):
        index.rebuild([document])
    for each in (query, own, SearchQuery()):
        assert engine.query(each, visible=ALL) == twin.query(each, visible=ALL)
