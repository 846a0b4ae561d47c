"""An element with its children by local name, gathered in one pass over them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from muniment.information.xml.reading import Element


class Node:
    """A read-only view of one element; namespaces of children are not looked at."""

    __slots__ = ("_by_name", "element")

    def __init__(self, element: Element) -> None:
        self.element = element
        by_name: dict[str, list[Element]] = {}
        for child in element:
            tag = child.tag
            if isinstance(tag, str):  # an entity reference is a child without a name
                by_name.setdefault(tag[tag.rfind("}") + 1 :], []).append(child)
        self._by_name = by_name

    def each(self, name: str) -> Iterator[Self]:
        """Yield the children with this local name."""
        return map(type(self), self._by_name.get(name, ()))

    def first(self, name: str) -> Self | None:
        """Return the first such child."""
        found = self._by_name.get(name)
        return type(self)(found[0]) if found else None

    def text(self, name: str) -> str:
        """Return the text of the first such child, "" when there is none.

        The text is taken as it stands: white space may be part of a file's name.
        """
        found = self._by_name.get(name)
        return (found[0].text or "") if found else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the texts of all such children."""
        found = self._by_name.get(name)
        return tuple([each.text or "" for each in found]) if found else ()
