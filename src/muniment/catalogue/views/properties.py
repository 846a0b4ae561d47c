"""Technical properties as pages show them: by their meaning, the machine's name beside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from muniment.formats.properties import property_of

_FOREIGN = "exiftool."
"""Names of others' fields: people look for them as they are."""


@dataclass(frozen=True, slots=True)
class ShownProperty:
    """One property: what it is called, its value and the unit of that."""

    name: str
    title: str
    value: object
    unit: str

    @property
    def is_size(self) -> bool:
        """Say whether the value is a number of bytes."""
        return self.unit == "bytes" and isinstance(self.value, int)


def shown_property(name: str, value: object) -> ShownProperty:
    """Name a property in the language of the page; one that is not known keeps its name."""
    known = property_of(name)
    if known is None or name.startswith(_FOREIGN):
        return ShownProperty(name, name.removeprefix(_FOREIGN), value, "")
    title = known.fr if get_language() == "fr" else known.en
    if known.name.endswith(".*"):
        title = f"{title}: {name.removeprefix(known.name[:-1])}"
    text = str(value)
    if known.unit == "bytes" and text.isascii() and text.isdigit():
        return ShownProperty(name, title, int(text), known.unit)
    return ShownProperty(name, title, _(text) if text in ("yes", "no") else text, known.unit)
