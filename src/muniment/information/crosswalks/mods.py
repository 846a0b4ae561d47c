"""MODS 3 to Dublin Core, after the mapping of the Library of Congress."""

from __future__ import annotations

from collections.abc import Iterable

from muniment.information.crosswalks.rules import (
    Rule,
    below,
    text_of,
    texts_below,
    typed_identifier,
    whole_text,
)
from muniment.information.xml import Element

NAMESPACE = "http://www.loc.gov/mods/v3"
_CREATORS = frozenset({"", "cre", "creator", "aut", "author"})
_TOPICS = ("topic", "occupation", "genre", "name/namePart", "titleInfo/title")


def _title(element: Element) -> Iterable[str]:
    """`nonSort title: subTitle. partNumber. partName`."""
    before = "".join(each.text or "" for each in below(element, "nonSort"))
    glue = "" if before.endswith(("'", "\u2019", " ")) or not before else " "
    title = " ".join((before + glue + " ".join(texts_below(element, "title"))).split())
    whole = ": ".join([*([title] if title else []), *texts_below(element, "subTitle")])
    parts = (*texts_below(element, "partNumber"), *texts_below(element, "partName"))
    yield ". ".join([*([whole] if whole else []), *parts])


def _name(element: Element) -> Iterable[str]:
    """`Family, Given, dates`; the form for display where there is one."""
    if shown := texts_below(element, "displayForm"):
        yield shown[0]
        return
    parts: dict[str, list[str]] = {}
    for part in below(element, "namePart"):
        parts.setdefault(part.get("type", ""), []).append(text_of(part))
    whole = " ".join(parts.get("", ()))
    said = (whole, *(" ".join(parts.get(kind, ())) for kind in _NAME_PARTS))
    yield ", ".join(each for each in said if each)


_NAME_PARTS = ("family", "given", "termsOfAddress", "date")


def _role(element: Element) -> str:
    """Say `creator` for creators, authors and whoever has no role."""
    roles = [text.lower() for text in texts_below(element, "role/roleTerm")]
    is_creator = not roles or any(role in _CREATORS for role in roles)
    return "creator" if is_creator or element.get("usage") == "primary" else "another"


def _language(element: Element) -> Iterable[str]:
    terms = list(below(element, "languageTerm"))
    coded = [each for each in terms if each.get("type") == "code"]
    return [text_of(each) for each in coded or terms]


def _topics(element: Element) -> Iterable[str]:
    """What a subject is about, from the general to the particular: `Ships -- Letters`."""
    yield " -- ".join(text for path in _TOPICS for text in texts_below(element, path))


def _hierarchy(element: Element) -> Iterable[str]:
    yield " -- ".join(text for each in element if (text := text_of(each)))


def _start_and_end(name: str) -> Rule:
    """A date; one with a start and an end is `start/end` (ISO 8601)."""

    def texts(element: Element) -> Iterable[str]:
        starts = [each for each in below(element, name) if each.get("point") == "start"]
        ends = [each for each in below(element, name) if each.get("point") == "end"]
        for each in below(element, name):
            if each.get("point") not in {"start", "end"}:
                yield text_of(each)
        for at in range(max(len(starts), len(ends))):
            start = text_of(starts[at]) if at < len(starts) else ".."
            end = text_of(ends[at]) if at < len(ends) else ".."
            yield f"{start}/{end}"

    return Rule(path="originInfo", by=name, chosen=lambda _: "", term=_DATES[name], texts=texts)


_DATES = {
    "dateIssued": "issued",
    "dateCreated": "created",
    "copyrightDate": "dateCopyrighted",
    "dateModified": "modified",
    "dateValid": "valid",
    "dateOther": "date",
}


def _related(element: Element) -> Iterable[str]:
    """The title of what is related, else its identifier, else its address."""
    titles = [text for each in below(element, "titleInfo") for text in _title(each) if text]
    known = titles or texts_below(element, "identifier") or texts_below(element, "location/url")
    return known[:1]


def _valid_identifier(element: Element) -> Iterable[str]:
    return () if element.get("invalid") == "yes" else typed_identifier("type")(element)


RULES = (
    Rule(
        path="titleInfo",
        by="type",
        terms=dict.fromkeys(("abbreviated", "translated", "alternative", "uniform"), "alternative"),
        term="title",
        texts=_title,
    ),
    Rule(
        path="name",
        by="role",
        chosen=_role,
        terms={"creator": "creator"},
        term="contributor",
        texts=_name,
    ),
    Rule(path="typeOfResource", term="type"),
    Rule(path="genre", term="type"),
    Rule(path="originInfo/publisher", term="publisher"),
    *map(_start_and_end, _DATES),
    Rule(path="language", term="language", texts=_language),
    Rule(path="physicalDescription/internetMediaType", term="format"),
    Rule(path="physicalDescription/form", term="format"),
    Rule(path="physicalDescription/extent", term="extent"),
    Rule(path="abstract", term="abstract"),
    Rule(path="tableOfContents", term="tableOfContents"),
    Rule(path="targetAudience", term="audience"),
    Rule(path="note", term="description"),
    Rule(path="subject", term="subject", texts=_topics),
    Rule(path="subject/geographic", term="spatial"),
    Rule(path="subject/hierarchicalGeographic", term="spatial", texts=_hierarchy),
    Rule(path="subject/cartographics/coordinates", term="spatial"),
    Rule(path="subject/temporal", term="temporal"),
    Rule(path="classification", term="subject"),
    Rule(path="identifier", term="identifier", texts=_valid_identifier),
    Rule(path="location/url", term="identifier"),
    Rule(
        path="relatedItem",
        by="type",
        terms={
            "host": "isPartOf",
            "series": "isPartOf",
            "constituent": "hasPart",
            "original": "source",
            "otherVersion": "isVersionOf",
            "otherFormat": "isFormatOf",
            "preceding": "replaces",
            "succeeding": "isReplacedBy",
            "references": "references",
            "isReferencedBy": "isReferencedBy",
        },
        term="relation",
        texts=_related,
    ),
    Rule(
        path="accessCondition",
        by="type",
        terms={"restriction on access": "accessRights", "license": "license"},
        term="rights",
        texts=whole_text,
    ),
)
