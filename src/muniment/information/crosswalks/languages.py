"""The language of an element as a BCP 47 tag."""

from __future__ import annotations

import re

from muniment.information.xml import Element

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,7}")

# ISO 639-2, both its codes where there are two, to the shorter one that BCP 47 asks for.
_CODES = """
    afr:af ara:ar bel:be bul:bg bre:br cat:ca cze:cs ces:cs wel:cy cym:cy dan:da ger:de deu:de
    gre:el ell:el eng:en epo:eo spa:es est:et baq:eu eus:eu per:fa fas:fa fin:fi fre:fr fra:fr
    fry:fy gle:ga gla:gd glg:gl heb:he hin:hi hrv:hr hun:hu arm:hy hye:hy ind:id ice:is isl:is
    ita:it jpn:ja geo:ka kat:ka kor:ko lat:la ltz:lb lit:lt lav:lv mac:mk mkd:mk mlt:mt dut:nl
    nld:nl nno:nn nob:nb nor:no oci:oc pol:pl por:pt roh:rm rum:ro ron:ro rus:ru slo:sk slk:sk
    slv:sl alb:sq sqi:sq srp:sr swe:sv tur:tr ukr:uk vie:vi yid:yi chi:zh zho:zh
"""
_SHORTER: dict[str, str] = dict(re.findall(r"(\w+):(\w+)", _CODES))


def language_of(element: Element) -> str:
    """Return the language of an element, its own or that of what it stands in; "" without one.

    `xml:lang` comes before the `lang` of MODS and EAD 3. What cannot be a tag is no language.
    """
    for each in (element, *element.iterancestors()):
        found: str = each.get(_XML_LANG) or each.get("lang") or ""
        if _TAG.fullmatch(found):
            return _SHORTER.get(found, found)
    return ""
