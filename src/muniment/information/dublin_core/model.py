"""Descriptive metadata: an ordered list of terms with values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

DCTERMS = "http://purl.org/dc/terms/"
DC_ELEMENTS = "http://purl.org/dc/elements/1.1/"
DESCRIPTION_NAMESPACE = "urn:muniment:description:1"
"""The namespace of our root element; `schemas/dc.xsd` of every AIP says what it may hold."""


@dataclass(frozen=True, slots=True)
class DublinCoreValue:
    """One value of one term; `language` is a BCP 47 tag, "" where none is known."""

    term: str
    value: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class DublinCore:
    """The values in their order; terms repeat, and so may values."""

    values: tuple[DublinCoreValue, ...] = ()

    def __iter__(self) -> Iterator[DublinCoreValue]:
        return iter(self.values)

    def __bool__(self) -> bool:
        return bool(self.values)

    def of(self, term: str) -> tuple[str, ...]:
        """Return the values of a term in all languages, in order."""
        return tuple(each.value for each in self.values if each.term == term)

    def first(self, term: str, language: str = "") -> str:
        """Return the first value of a term, one in `language` before others; "" without any."""
        candidates = [each for each in self.values if each.term == term]
        in_language = [each for each in candidates if each.language == language]
        chosen = in_language or candidates
        return chosen[0].value if chosen else ""

    def merged(self, other: DublinCore) -> Self:
        """Return these values and those of `other` that are not among them."""
        known = set(self.values)
        return type(self)((*self.values, *(each for each in other.values if each not in known)))

    def completed(self, other: DublinCore) -> Self:
        """Return these values and those of `other` whose terms are not among them."""
        known = {each.term for each in self.values}
        return type(self)((*self.values, *(v for v in other.values if v.term not in known)))
