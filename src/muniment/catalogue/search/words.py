"""How text becomes words, the same for every engine, so that all of them find the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Runs of letters and digits of any script; the underscore separates, as in file names.
_RUN = re.compile(r"[^\W_]+")

MAX_WORD = 80
"""Characters of a word that count; what is longer is a key or a digest, found by its beginning."""


def fold(text: str) -> str:
    """Take away case and accents: `Élévation` and `elevation` are the same word."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    # Folding may bring capitals back in (compatibility forms): once more.
    return bare.casefold()


def words(text: str) -> list[str]:
    """Return the words of a text, folded, in order, repeats kept."""
    return [run[:MAX_WORD] for run in _RUN.findall(fold(text))]


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Give start, end and folded form of each word as it stands in the text, for highlighting."""
    for match in _RUN.finditer(text):
        for word in words(match.group()):
            yield match.start(), match.end(), word
