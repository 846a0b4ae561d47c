"""MARC 21 in XML to Dublin Core, after the mapping of the Library of Congress.

A field of a row is `245 $a $b`: its subfields in their order in the record, joined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from muniment.information.crosswalks.rules import below, text_of, with_scheme
from muniment.information.dublin_core import DublinCore, DublinCoreValue
from muniment.information.xml import Element, local_name

NAMESPACE = "http://www.loc.gov/MARC21/slim"
_ENDS = " /:;,"
"""The punctuation of ISBD, which says what comes next and is no part of a value."""

_NAME = "abcdq"
_TYPES = {
    **dict.fromkeys("acdt", "Text"),
    **dict.fromkeys("efk", "StillImage"),
    "g": "MovingImage",
    "i": "Sound",
    "j": "Sound",
    "m": "Software",
    "r": "PhysicalObject",
    "o": "Collection",
    "p": "Collection",
}
_LANGUAGE_AT = slice(35, 38)  # of the control field 008


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Fields with one of these tags are values of `term`; `between` joins their subfields.

    `second` has another term for a second indicator; each subfield is a value where `each`.
    """

    tags: str
    subfields: str
    term: str
    between: str = " "
    each: bool = False
    scheme: str = ""
    divided: str = ""
    """Subfields that follow ` -- `, as those of subject headings do."""
    second: Mapping[str, str] = field(default_factory=dict)
    texts: Callable[[Element], Iterable[str]] | None = None

    def values(self, data: Element) -> Iterator[DublinCoreValue]:
        """Yield what a field says."""
        term = self.second.get(data.get("ind2", ""), self.term)
        for text in self.texts(data) if self.texts else self._texts(data):
            if text:
                yield DublinCoreValue(term, with_scheme(self.scheme, text))

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield (what is mapped, term) for the table of the documents."""
        subfields = " ".join(f"${code}" for code in self.subfields + self.divided)
        for indicator, term in self.second.items():
            yield f"{self.tags} {subfields}, second indicator {indicator}", term
        yield f"{self.tags} {subfields}", self.term

    def _texts(self, data: Element) -> Iterable[str]:
        whole = _said(data, self.subfields)
        if self.each:
            return whole
        heads = [self.between.join(whole)] if whole else []
        return [" -- ".join([*heads, *_said(data, self.divided)])]


def _said(data: Element, codes: str) -> list[str]:
    texts = (
        text_of(each).rstrip(_ENDS)
        for each in below(data, "subfield")
        if each.get("code") and each.get("code") in codes
    )
    return [text for text in texts if text]


def _languages(data: Element) -> Iterable[str]:
    """Each code of three letters; old records write them without anything between them."""
    for text in _said(data, "a"):
        whole = len(text) % 3 == 0 and text.isalpha()
        yield from (text[at : at + 3] for at in range(0, len(text), 3)) if whole else (text,)


def _other_number(data: Element) -> Iterable[str]:
    """A number with the scheme that `$2` names: `doi:10.17181/abc`."""
    scheme = next(iter(_said(data, "2")), "")
    return [with_scheme(scheme, text) for text in _said(data, "a")]


def _host(data: Element) -> Iterable[str]:
    """Where it appeared: its title, else what CERN writes, journal, volume, year and pages."""
    found = _said(data, "t") or _said(data, "a")
    return found[:1] or [" ".join(_said(data, "pvyc"))]


FIELDS = (
    Field(tags="245", subfields="abnpfgk", term="title"),
    Field(tags="130 210 240 242 246 730 740", subfields="abnp", term="alternative"),
    Field(tags="100 110 111", subfields=_NAME, term="creator"),
    Field(tags="700 710 711", subfields=_NAME, term="contributor"),
    Field(tags="020", subfields="a", term="identifier", each=True, scheme="isbn"),
    Field(tags="022", subfields="a", term="identifier", each=True, scheme="issn"),
    Field(tags="024", subfields="a2", term="identifier", texts=_other_number),
    Field(tags="037 088", subfields="a", term="identifier", each=True),
    Field(tags="041", subfields="a", term="language", texts=_languages),
    Field(
        tags="260 264",
        subfields="b",
        term="publisher",
        each=True,
        second={"4": ""},
    ),
    Field(
        tags="260 264",
        subfields="c",
        term="issued",
        each=True,
        second={"0": "created", "4": "dateCopyrighted"},
    ),
    Field(tags="269", subfields="c", term="date", each=True),
    Field(tags="300", subfields="abce", term="extent"),
    Field(tags="500 502 518 545", subfields="a", term="description"),
    Field(tags="505", subfields="agrt", term="tableOfContents"),
    Field(tags="506", subfields="a", term="accessRights"),
    Field(tags="510", subfields="ac", term="isReferencedBy"),
    Field(tags="520", subfields="ab", term="abstract"),
    Field(tags="521", subfields="a", term="audience"),
    Field(tags="522", subfields="a", term="spatial"),
    Field(tags="524", subfields="a", term="bibliographicCitation"),
    Field(tags="540", subfields="a", term="rights"),
    Field(tags="540", subfields="u", term="license", each=True),
    Field(tags="541 561", subfields="a", term="provenance"),
    Field(
        tags="600 610 611 630 650 653",
        subfields="abcdqtn",
        divided="vxyz",
        term="subject",
    ),
    Field(tags="648", subfields="a", divided="vxyz", term="temporal"),
    Field(tags="651", subfields="a", divided="vxyz", term="spatial"),
    Field(tags="655", subfields="a", divided="vxyz", term="type"),
    Field(tags="490 830", subfields="av", term="isPartOf"),
    Field(tags="773", subfields="tapvyc", term="isPartOf", texts=_host),
    Field(tags="534 786", subfields="t", term="source", each=True),
    Field(tags="775", subfields="t", term="isVersionOf", each=True),
    Field(tags="776", subfields="t", term="isFormatOf", each=True),
    Field(tags="780", subfields="t", term="replaces", each=True),
    Field(tags="785", subfields="t", term="isReplacedBy", each=True),
    Field(tags="787", subfields="t", term="relation", each=True),
    Field(tags="856", subfields="u", term="identifier", each=True),
)
_BY_TAG: dict[str, list[Field]] = {}
for _each in FIELDS:
    for _tag in _each.tags.split():
        _BY_TAG.setdefault(_tag, []).append(_each)


def rows() -> Iterator[tuple[str, str]]:
    """Yield (what is mapped, term) for the table of the documents."""
    yield "leader, position 6", "type"
    for each in FIELDS:
        yield from ((source, term) for source, term in each.rows() if term)
    yield "008, positions 35 to 37, without 041", "language"


def map_record(record: Element) -> DublinCore:
    """Return the values of a record in the order of its fields, each once."""
    values = dict.fromkeys(_of_record(record))
    if not any(each.term == "language" for each in values):
        values.update(dict.fromkeys(_fixed_language(record)))
    return DublinCore(tuple(values))


def _of_record(record: Element) -> Iterator[DublinCoreValue]:
    for leader in below(record, "leader"):
        kind = _TYPES.get((leader.text or "")[6:7])
        if kind:
            yield DublinCoreValue("type", kind)
    for data in record:
        if local_name(data.tag) == "datafield":
            for rule in _BY_TAG.get(data.get("tag", ""), ()):
                yield from (each for each in rule.values(data) if each.term)


def _fixed_language(record: Element) -> Iterator[DublinCoreValue]:
    for each in below(record, "controlfield"):
        code = (each.text or "")[_LANGUAGE_AT]
        if each.get("tag") == "008" and len(code) == 3 and code.isalpha():
            yield DublinCoreValue("language", code)
