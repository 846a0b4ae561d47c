"""EAD 2002 and EAD 3 to Dublin Core: what the finding aid says of the whole fonds.

Components (`dsc`) describe its parts and stay in the finding aid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from muniment.information.crosswalks.rules import Rule, below, text_of, texts_below
from muniment.information.xml import Element, local_name

NAMESPACES = ("urn:isbn:1-931666-22-9", "http://ead3.archivists.org/schema", "")
"""EAD 2002 by its schema, EAD 3 (also with what it deprecates), EAD 2002 by its DTD."""

_DATES = frozenset({"unitdate", "unitdatestructured"})


def _title(element: Element) -> Iterable[str]:
    """The title without the dates that EAD 2002 allows in it."""
    yield " ".join("".join(_without(element, _DATES)).split()).rstrip(" ,")


def _without(element: Element, names: frozenset[str]) -> Iterator[str]:
    yield element.text or ""
    for each in element:
        if local_name(each.tag) not in names:
            yield from _without(each, names)
        yield each.tail or ""


def _names(element: Element) -> Iterable[str]:
    """Each name in an element, its parts one after another; its own text where it has none."""
    named = [each for each in element if local_name(each.tag) in _NAMES]
    for each in named or [element]:
        parts = [part for part in each if local_name(part.tag) == "part"]
        yield ", ".join(filter(None, map(text_of, parts or [each])))


_NAMES = frozenset({"persname", "corpname", "famname", "name"})


def _paragraphs(element: Element) -> Iterable[str]:
    """The paragraphs and items as one text, without the heading."""
    body = [text_of(each) for each in element if local_name(each.tag) != "head"]
    yield "\n".join(filter(None, body))


def _languages(element: Element) -> Iterable[str]:
    """The code of a language, else its name."""
    code = element.get("langcode", "").strip()
    yield code or text_of(element)


def _structured_dates(element: Element) -> Iterable[str]:
    for each in element.iter("{*}datesingle"):
        yield text_of(each)
    for each in element.iter("{*}daterange"):
        yield "/".join([*texts_below(each, "fromdate"), *texts_below(each, "todate")])


def _extent(element: Element) -> Iterable[str]:
    """`3 boxes`, as both editions say it."""
    found = [*below(element, "extent")]
    if local_name(element.tag) == "physdescstructured":
        yield " ".join([*texts_below(element, "quantity"), *texts_below(element, "unittype")])
    else:
        yield from map(text_of, found or [element])


_TEXTS = {
    "scopecontent": "description",
    "bioghist": "description",
    "custodhist": "provenance",
    "acqinfo": "provenance",
    "accessrestrict": "accessRights",
    "userestrict": "rights",
    "relatedmaterial": "relation",
    "separatedmaterial": "relation",
    "altformavail": "hasFormat",
    "originalsloc": "source",
    "prefercite": "bibliographicCitation",
}
_HEADINGS = {
    "subject": "subject",
    "persname": "subject",
    "corpname": "subject",
    "famname": "subject",
    "name": "subject",
    "title": "subject",
    "occupation": "subject",
    "function": "subject",
    "geogname": "spatial",
    "genreform": "type",
}

RULES = (
    Rule(path="archdesc/did/unittitle", term="title", texts=_title),
    Rule(path="archdesc/did/unitid", term="identifier"),
    Rule(path="archdesc/did/origination", term="creator", texts=_names),
    Rule(path="archdesc/did/repository", term="publisher", texts=_names),
    Rule(path="archdesc/did/unitdate", term="date"),
    Rule(path="archdesc/did/unittitle/unitdate", term="date"),
    Rule(path="archdesc/did/unitdatestructured", term="date", texts=_structured_dates),
    Rule(path="archdesc/did/physdesc", term="extent", texts=_extent),
    Rule(path="archdesc/did/physdescstructured", term="extent", texts=_extent),
    Rule(path="archdesc/did/langmaterial/language", term="language", texts=_languages),
    Rule(path="archdesc/did/langmaterial/languageset/language", term="language", texts=_languages),
    Rule(path="archdesc/did/abstract", term="abstract"),
    *(Rule(path=f"archdesc/{name}", term=term, texts=_paragraphs) for name, term in _TEXTS.items()),
    *(
        Rule(path=f"archdesc/{place}/{name}", term=term, texts=_names)
        for place in ("controlaccess", "controlaccess/controlaccess")
        for name, term in _HEADINGS.items()
    ),
)
