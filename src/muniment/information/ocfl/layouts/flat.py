"""Layouts whose objects are direct children of the storage root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from muniment.information.ocfl.layouts.layout import folder_name, text_in, without_prefix


@dataclass(frozen=True, slots=True)
class FlatDirect:
    """Extension 0002: the id is the folder's name."""

    name: ClassVar[str] = "0002-flat-direct-storage-layout"
    description: ClassVar[str] = "Object ids are used as folder names directly under the root."

    @classmethod
    def from_config(cls, config: Mapping[str, object]) -> Self:  # noqa: ARG003  # it has none
        """Take any configuration: this layout has no parameters."""
        return cls()

    def config(self) -> dict[str, object]:
        """Return no parameters."""
        return {}

    def path_of(self, object_id: str) -> str:
        """Return the id itself."""
        return folder_name(object_id, object_id)


@dataclass(frozen=True, slots=True)
class FlatOmitPrefix:
    """Extension 0006: the id after the last delimiter is the folder's name."""

    name: ClassVar[str] = "0006-flat-omit-prefix-storage-layout"
    description: ClassVar[str] = "Object ids without their prefix are used as folder names."
    delimiter: str = ":"

    @classmethod
    def from_config(cls, config: Mapping[str, object]) -> Self:
        """Read `delimiter`, which has no default."""
        return cls(text_in(config, "delimiter"))

    def config(self) -> dict[str, object]:
        """Return the delimiter."""
        return {"delimiter": self.delimiter}

    def path_of(self, object_id: str) -> str:
        """Return what follows the last delimiter."""
        return folder_name(without_prefix(object_id, self.delimiter), object_id)
