"""Rules by which elements of another description become values of Dublin Core terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from muniment.information.crosswalks.languages import language_of
from muniment.information.dublin_core import DublinCore, DublinCoreValue
from muniment.information.xml import Element

Texts: TypeAlias = Callable[[Element], Iterable[str]]

# Only words are in a language: a name, a date or an identifier is the same in all of them.
_IN_WORDS = frozenset(
    {
        "abstract",
        "accessRights",
        "alternative",
        "audience",
        "description",
        "isPartOf",
        "provenance",
        "rights",
        "spatial",
        "subject",
        "tableOfContents",
        "temporal",
        "title",
        "type",
    }
)


def text_of(element: Element) -> str:
    """Return all text in an element, its white space as one blank."""
    return " ".join("".join(element.itertext()).split())


def below(element: Element, path: str) -> Iterator[Element]:
    """Yield the elements at a path of local names, whatever their namespaces."""
    found: Iterator[Element] = element.iterfind(
        "/".join(f"{{*}}{name}" for name in path.split("/"))
    )
    return found


def texts_below(element: Element, path: str) -> list[str]:
    """Return the texts at a path, without empty ones."""
    return [text for each in below(element, path) if (text := text_of(each))]


def whole_text(element: Element) -> Iterable[str]:
    """Take everything that an element says as one value."""
    yield text_of(element)


def typed_identifier(name: str) -> Texts:
    """Take an identifier with its scheme before it, as the attribute `name` says: `doi:10.1/2`."""

    def texts(element: Element) -> Iterable[str]:
        yield with_scheme(element.get(name, ""), text_of(element))

    return texts


def with_scheme(scheme: str, value: str) -> str:
    """Return `scheme:value`; a URI, and a value that names its scheme already, as it is."""
    prefix = f"{scheme.strip().lower()}:"
    if prefix in {":", "uri:", "url:", "purl:", "local:"} or not value:
        return value
    known = value.lower().startswith((prefix, "http://", "https://", "urn:"))
    return value if known else prefix + value


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Elements at `path` below the record are values of `term`, each as often as it is there.

    Where the term depends on something, `by` names it in the table of the documents, `chosen` finds
    it in an element (the attribute of that name without it), and `terms` has a term for each; all
    others are values of `term`, and without one they are not mapped.
    """

    path: str
    term: str = ""
    by: str = ""
    chosen: Callable[[Element], str] | None = None
    terms: Mapping[str, str] = field(default_factory=dict)
    texts: Texts = whole_text

    def values(self, record: Element) -> Iterator[DublinCoreValue]:
        """Yield what the record says by this rule, in its order."""
        for element in below(record, self.path):
            term = self._term(element)
            if not term:
                continue
            language = language_of(element) if term in _IN_WORDS else ""
            for text in self.texts(element):
                if text:
                    yield DublinCoreValue(term, text, language)

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield (what is mapped, term) for the table of the documents."""
        for choice, term in self.terms.items():
            yield f"{self.path}, {self.by} {choice}".strip(), term
        if self.term:
            yield (f"{self.path}, any other {self.by}" if self.terms else self.path), self.term

    def _term(self, element: Element) -> str:
        if not self.by:
            return self.term
        choice = self.chosen(element) if self.chosen else element.get(self.by, "")
        return self.terms.get(choice, self.term)


def mapped(record: Element, rules: Iterable[Rule]) -> DublinCore:
    """Return the values of all rules, in their order, each once."""
    values = (value for rule in rules for value in rule.values(record))
    return DublinCore(tuple(dict.fromkeys(values)))
