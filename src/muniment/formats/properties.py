"""The technical properties that an examination can have, with their meanings and units."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Property:
    """A property's dotted name, its meaning in both languages, and the unit of its value."""

    name: str
    en: str
    fr: str
    unit: str = ""


@cache
def property_table() -> Mapping[str, Property]:
    """Return every property by its name; one that ends in `*` stands for a group of names."""
    text = resources.files(__package__).joinpath("properties.toml").read_text(encoding="utf-8")
    return {name: Property(name, **row) for name, row in sorted(tomllib.loads(text).items())}


def property_of(name: str) -> Property | None:
    """Return what is known of a property, by its name or its group."""
    table = property_table()
    parts = name.split(".")
    groups = (".".join([*parts[:count], "*"]) for count in range(len(parts) - 1, 0, -1))
    return next((table[one] for one in (name, *groups) if one in table), None)
