"""Pieces of text around the words that were found."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.catalogue.search.types import Part, Term
from muniment.catalogue.search.words import spans

OPEN, CLOSE = "⟦", "⟧"
_AROUND = 60  # characters before and after


def highlights(title: str, description: str, terms: Sequence[Term]) -> tuple[str, ...]:
    """Return the title and a piece of the description, each when a wanted word stands in it."""
    pieces = (
        _marked(title, _words_in(terms, Part.TITLE), whole=True),
        _marked(description, _words_in(terms, Part.DESCRIPTION), whole=False),
    )
    return tuple(piece for piece in pieces if piece)


def _words_in(terms: Sequence[Term], part: Part) -> list[tuple[str, bool]]:
    """Return the words to mark in one part, each with whether it may go on."""
    return [
        (word, term.is_prefix and place == len(term.words) - 1)
        for term in terms
        if term.is_wanted and term.part in {Part.ANY, part}
        for place, word in enumerate(term.words)
    ]


def _marked(text: str, wanted: Sequence[tuple[str, bool]], *, whole: bool) -> str:
    found = [
        (start, end)
        for start, end, word in dict.fromkeys(spans(text))
        if any(word == w or (is_prefix and word.startswith(w)) for w, is_prefix in wanted)
    ]
    if not found:
        return ""
    first, last = (0, len(text)) if whole else _window(text, found[0])
    pieces, at = ["" if first == 0 else "…"], first
    for start, end in dict.fromkeys(found):
        if start >= at and end <= last:
            pieces += [text[at:start], OPEN, text[start:end], CLOSE]
            at = end
    return "".join([*pieces, text[at:last], "" if last == len(text) else "…"])


def _window(text: str, around: tuple[int, int]) -> tuple[int, int]:
    """Cut at spaces, so that no word is halved."""
    first, last = max(around[0] - _AROUND, 0), min(around[1] + _AROUND, len(text))
    if first:
        space = text.find(" ", first, around[0])
        first = space + 1 if space >= 0 else around[0]
    if last < len(text):
        space = text.rfind(" ", around[1], last)
        last = space if space >= 0 else around[1]
    return first, last
