"""Dublin Core as lines of text that a person edits: `term = value`, `term@language = value`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from muniment.information.dublin_core import DublinCore, DublinCoreValue
from muniment.runtime.errors import InvalidArgument


class Term(Protocol):
    """A value with its term and language."""

    term: str
    value: str
    language: str


def text_of(terms: Iterable[Term]) -> str:
    """Return one line a value; line ends inside a value become spaces."""
    return "".join(
        f"{each.term}{'@' + each.language if each.language else ''} = "
        f"{' '.join(each.value.split())}\n"
        for each in terms
    )


def parse_text(text: str) -> DublinCore:
    """Read the lines; raises InvalidArgument with the number of the first line that is none."""
    values = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, equals, value = line.partition("=")
        term, _, language = name.strip().partition("@")
        if not equals or not term.strip() or not value.strip():
            raise InvalidArgument(f"line {number} is no “term = value”: {line.strip()[:80]}")
        values.append(DublinCoreValue(term.strip(), value.strip(), language.strip()))
    return DublinCore(tuple(values))
