"""A layout that cuts folders from the id itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from muniment.information.ocfl.layouts.layout import (
    flag_in,
    folder_name,
    number_in,
    text_in,
    tuples,
    without_prefix,
)
from muniment.runtime.errors import InvalidArgument


@dataclass(frozen=True, slots=True)
class NTupleOmitPrefix:
    """Extension 0007: the id without prefix, padded and perhaps reversed, cut into folders."""

    name: ClassVar[str] = "0007-n-tuple-omit-prefix-storage-layout"
    description: ClassVar[str] = "Folders are cut from the object id without its prefix."
    delimiter: str = ":"
    tuple_size: int = 3
    number_of_tuples: int = 3
    zero_padding: str = "left"
    reverse_object_root: bool = False

    def __post_init__(self) -> None:
        if self.zero_padding not in {"left", "right"}:
            raise InvalidArgument(f"zeroPadding is left or right, not {self.zero_padding!r}")

    @classmethod
    def from_config(cls, config: Mapping[str, object]) -> Self:
        """Read delimiter, tupleSize, numberOfTuples, zeroPadding, reverseObjectRoot."""
        return cls(
            text_in(config, "delimiter", ":"),
            number_in(config, "tupleSize", 3, least=1),
            number_in(config, "numberOfTuples", 3, least=1),
            text_in(config, "zeroPadding", "left"),
            flag_in(config, "reverseObjectRoot"),
        )

    def config(self) -> dict[str, object]:
        """Return all five parameters."""
        return {
            "delimiter": self.delimiter,
            "tupleSize": self.tuple_size,
            "numberOfTuples": self.number_of_tuples,
            "zeroPadding": self.zero_padding,
            "reverseObjectRoot": self.reverse_object_root,
        }

    def path_of(self, object_id: str) -> str:
        """Return `6927/8821/12887296`."""
        rest = folder_name(without_prefix(object_id, self.delimiter), object_id)
        width = self.tuple_size * self.number_of_tuples
        padded = rest.rjust(width, "0") if self.zero_padding == "left" else rest.ljust(width, "0")
        if self.reverse_object_root:
            padded = padded[::-1]
        folders = tuples(padded, self.tuple_size, self.number_of_tuples)
        return "/".join((*(folder_name(each, object_id) for each in folders), rest))
