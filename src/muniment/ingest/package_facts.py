"""What `verify` learned of a package: layout, name, identifiers, what it says of itself.

Kept as `package.json` in the work area and, for whoever reads the version, in the receipt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from muniment.information.dublin_core import DublinCore, DublinCoreValue
from muniment.information.premis import Identifier
from muniment.ingest.area import WorkArea
from muniment.ingest.layout import Layout

_NAME = "package"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFacts:
    """`top` is the single top folder below which the package lies, "" without one."""

    layout: Layout
    top: str
    name: str
    identifiers: tuple[Identifier, ...] = ()
    dublin_core: DublinCore = DublinCore()  # noqa: RUF009  # frozen and empty
    mapped: DublinCore = DublinCore()  # noqa: RUF009  # likewise
    """What was mapped from descriptions in other forms: what somebody typed comes before it."""
    mapped_from: tuple[str, ...] = ()
    empty_folders: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the members for `package.json`."""
        return {
            "layout": self.layout.value,
            "top": self.top,
            "name": self.name,
            "identifiers": [[each.type, each.value] for each in self.identifiers],
            "dublin_core": [[v.term, v.value, v.language] for v in self.dublin_core],
            "mapped": [[v.term, v.value, v.language] for v in self.mapped],
            "mapped_from": list(self.mapped_from),
            "empty_folders": list(self.empty_folders),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read what `as_json` made."""
        return cls(
            layout=Layout(document["layout"]),
            top=document["top"],
            name=document["name"],
            identifiers=tuple(Identifier(*pair) for pair in document["identifiers"]),
            dublin_core=DublinCore(tuple(DublinCoreValue(*v) for v in document["dublin_core"])),
            # Absent where an older Muniment verified the package.
            mapped=DublinCore(tuple(DublinCoreValue(*v) for v in document.get("mapped", ()))),
            mapped_from=tuple(document.get("mapped_from", ())),
            empty_folders=tuple(document["empty_folders"]),
        )

    def keep(self, area: WorkArea) -> None:
        """Write them into the work area."""
        area.write_document(_NAME, self.as_json())

    @classmethod
    def read(cls, area: WorkArea) -> Self:
        """Read them from the work area."""
        return cls.from_json(area.read_document(_NAME))
