"""What a storage layout is, and what every one of them checks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import ClassVar, Protocol, Self

from muniment.runtime.digests import Digester
from muniment.runtime.errors import InvalidArgument

_TAKEN = {"", ".", "..", "extensions", "ocfl_layout.json"}


class Layout(Protocol):
    """A registered layout extension: `path_of` is deterministic and needs no storage (E083)."""

    name: ClassVar[str]
    description: ClassVar[str]

    @classmethod
    def from_config(cls, config: Mapping[str, object]) -> Self:
        """Read the parameters of `config.json`; raises InvalidArgument for a wrong one."""

    def config(self) -> dict[str, object]:
        """Return the parameters for `config.json`, without `extensionName`."""

    def path_of(self, object_id: str) -> str:
        """Return the object root relative to the storage root, "/" separated.

        Raises InvalidArgument for an id that this layout cannot place.
        """


def number_in(config: Mapping[str, object], key: str, default: int, least: int = 0) -> int:
    """Return an integer parameter from `least` to 32."""
    value = config.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= 32:
        raise InvalidArgument(f"{key} must be an integer from {least} to 32, not {value!r}")
    return value


def text_in(config: Mapping[str, object], key: str, default: str = "") -> str:
    """Return a text parameter that is not empty."""
    value = config.get(key, default)
    if not isinstance(value, str) or not value:
        raise InvalidArgument(f"{key} must be a text that is not empty, not {value!r}")
    return value


def flag_in(config: Mapping[str, object], key: str) -> bool:
    """Return a boolean parameter, false by default."""
    value = config.get(key, False)
    if not isinstance(value, bool):
        raise InvalidArgument(f"{key} must be true or false, not {value!r}")
    return value


def folder_name(name: str, object_id: str) -> str:
    """Return `name` when it can be one folder; raises InvalidArgument."""
    if name in _TAKEN or name.startswith("0=") or "/" in name or "\0" in name:
        raise InvalidArgument(f"the layout of this storage root cannot place the id {object_id!r}")
    if len(name.encode()) > 255:
        raise InvalidArgument(f"the id {object_id!r} is too long for the layout of this root")
    return name


def without_prefix(object_id: str, delimiter: str) -> str:
    """Return what follows the last delimiter, in any case; the whole id when it has none."""
    # Not by lower(): that changes the length of some texts.
    *_, rest = re.split(re.escape(delimiter), object_id, flags=re.IGNORECASE)
    return rest


def id_digest(algorithm: str, object_id: str) -> str:
    """Return the digest of an id as lower-case hex."""
    if algorithm == "sha256":  # the default of every layout, without the detour
        return hashlib.sha256(object_id.encode()).hexdigest()
    digester = Digester([algorithm])
    digester.update(object_id.encode())
    return digester.result().by_algorithm[algorithm]


def tuples(text: str, size: int, count: int) -> list[str]:
    """Cut `count` pieces of `size` characters from the start of a text."""
    return [text[at : at + size] for at in range(0, size * count, size)] if size else []
