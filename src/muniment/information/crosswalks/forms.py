"""The forms of description that are mapped, told by the root element."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from muniment.information.crosswalks import datacite, ead, marcxml, mods
from muniment.information.crosswalks.rules import Rule, below, mapped
from muniment.information.dublin_core import DublinCore
from muniment.information.dublin_core.model import DC_ELEMENTS, DCTERMS
from muniment.information.dublin_core.reader import dublin_core_of
from muniment.information.xml import Element


class Form(StrEnum):
    """A form of descriptive metadata, by the name that people know it by."""

    MODS = "MODS"
    EAD = "EAD"
    DATACITE = "DataCite"
    MARCXML = "MARCXML"
    DUBLIN_CORE = "Dublin Core"


@dataclass(frozen=True, slots=True)
class _Reading:
    read: Callable[[Element], DublinCore]
    rows: Callable[[], Iterator[tuple[str, str]]]


def _rows(rules: tuple[Rule, ...]) -> Iterator[tuple[str, str]]:
    for rule in rules:
        yield from rule.rows()


def _by(rules: tuple[Rule, ...]) -> _Reading:
    return _Reading(partial(mapped, rules=rules), partial(_rows, rules))


_READINGS: Mapping[Form, _Reading] = {
    Form.MODS: _by(mods.RULES),
    Form.EAD: _by(ead.RULES),
    Form.DATACITE: _by(datacite.RULES),
    Form.MARCXML: _Reading(marcxml.map_record, marcxml.rows),
    Form.DUBLIN_CORE: _Reading(dublin_core_of, lambda: iter(())),
}
_COLLECTIONS = {
    (mods.NAMESPACE, "modsCollection"): "mods",
    (marcxml.NAMESPACE, "collection"): "record",
}
_ROOTS = {
    (mods.NAMESPACE, "mods"): Form.MODS,
    (mods.NAMESPACE, "modsCollection"): Form.MODS,
    (marcxml.NAMESPACE, "record"): Form.MARCXML,
    (marcxml.NAMESPACE, "collection"): Form.MARCXML,
    ("http://www.openarchives.org/OAI/2.0/oai_dc/", "dc"): Form.DUBLIN_CORE,
    (DC_ELEMENTS, "dc"): Form.DUBLIN_CORE,
    (DCTERMS, "dublincore"): Form.DUBLIN_CORE,
    ("", "dublincore"): Form.DUBLIN_CORE,
    ("", "dc"): Form.DUBLIN_CORE,
}


def form_of(tag: str) -> Form | None:
    """Return the form whose root element this is (a Clark name); None for anything else."""
    space, _, name = tag.rpartition("}")
    space = space.removeprefix("{")
    if name == "ead" and space.rstrip("/").removesuffix("/undeprecated") in ead.NAMESPACES:
        return Form.EAD
    if name == "resource" and space.startswith(datacite.NAMESPACES):
        return Form.DATACITE
    return _ROOTS.get((space, name))


def records_of(root: Element) -> list[Element]:
    """Return the records below the root of a collection; the root itself where it is one."""
    space, _, name = root.tag.rpartition("}")
    of_collection = _COLLECTIONS.get((space.removeprefix("{"), name))
    return list(below(root, of_collection)) if of_collection else [root]


def read_record(form: Form, record: Element) -> DublinCore:
    """Map one record of a form."""
    return _READINGS[form].read(record)


def table_of(form: Form) -> Iterator[tuple[str, str]]:
    """Yield (what is mapped, term) of a form, for the documents."""
    return _READINGS[form].rows()
