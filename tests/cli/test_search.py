"""`muniment search` in this process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muniment.catalogue.adapters.search import search_index
from muniment.catalogue.services import index_search
from muniment.cli.main import main
from tests.catalogue.shelves import Content, Shelf, make_shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.setenv("MUNIMENT_HOME", str(tmp_path))
    made = make_shelf(tmp_path)
    for title in ("Harbour maps", "Letters from the harbour"):
        sealed = made.seal(Content(title=title))
        made.index(sealed.object_id)
        index_search([sealed.object_id], index=search_index())
    return made


def test_hits_are_printed_with_marked_words(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "harbour", "maps"]) == 0
    captured = capsys.readouterr()
    assert "⟦Harbour⟧ ⟦maps⟧" in captured.out
    assert "1 found" in captured.err


def test_json_has_hits_facets_and_the_next_page(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["search", "harbour", "--facets", "--sort", "oldest", "--limit", "1", "--json"]
    assert main(words) == 0
    first = json.loads(capsys.readouterr().out)
    assert (first["total"], first["hits"][0]["title"]) == (2, "Harbour maps")
    assert first["facets"]["format"] == [{"value": "x-fmt/111", "count": 2}]
    assert main([*words, "--after", first["next"]]) == 0
    second = json.loads(capsys.readouterr().out)
    assert (second["hits"][0]["title"], second["next"]) == ("Letters from the harbour", None)


def test_nothing_found_is_no_error(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "berlin"]) == 0
    assert "Nothing" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [["colour:red"], ["x", "--limit", "0"], ["x", "--facets", "colour"], ["size:big"]]
)
def test_a_wrong_question_is_exit_2(
    shelf: Shelf, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(["search", *words]) == 2
    assert "known are" in capsys.readouterr().err or "colour:red" not in words
