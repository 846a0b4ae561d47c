"""Words and highlights."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from muniment.catalogue.adapters.search_postgres import vectors
from muniment.catalogue.search.highlight import highlights
from muniment.catalogue.search.types import Part, Term
from muniment.catalogue.search.words import MAX_WORD, fold, words


def test_words_are_folded_and_split_at_all_but_letters_and_digits() -> None:
    assert words("Élan_vital-001.TIF, ŒUVRE ﬁn Straße") == [
        "elan", "vital", "001", "tif", "œuvre", "fin", "strasse",
    ]  # fmt: skip


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)
    assert all(0 < len(word) <= MAX_WORD for word in words(text))


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_ascii_takes_the_short_way_to_the_same(text: str) -> None:
    assert fold(text) == fold(text + "é")[: len(text)]


@given(st.text(), st.text(min_size=1))
def test_a_highlight_holds_the_text_that_it_marks(title: str, asked: str) -> None:
    bare = title.replace("⟦", "").replace("⟧", "")
    found = words(asked)
    terms = [Term(tuple(found))] if found else []
    for piece in highlights(bare, "", terms):
        assert piece.replace("⟦", "").replace("⟧", "") == bare


def test_words_that_must_not_stand_there_or_not_here_are_not_marked() -> None:
    unwanted = Term(("map",), is_wanted=False)
    elsewhere = Term(("map",), Part.NAME)
    assert highlights("a map", "a map", [unwanted, elsewhere]) == ()


def test_a_vector_never_holds_more_than_the_database_takes() -> None:
    found = list(vectors(f"same {n}" for n in range(600)))
    assert [each.count("'same'") for each in found] == [256, 256, 88]
    positions = [int(entry.rpartition(":")[2]) for each in found for entry in each.split()]
    assert max(positions) <= 16_383


def test_no_phrase_reaches_over_two_texts() -> None:
    (vector,) = vectors(["a b", "c"])
    assert vector == "'a':1 'b':2 'c':4"
