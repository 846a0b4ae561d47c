"""Layouts that spread objects by the digest of their id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from muniment.information.ocfl.layouts.layout import (
    flag_in,
    folder_name,
    id_digest,
    number_in,
    text_in,
    tuples,
)
from muniment.runtime.digests import ALGORITHMS
from muniment.runtime.errors import InvalidArgument

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
_MOST_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class HashedNTuple:
    """Extension 0004: folders cut from the digest, the digest as the object root."""

    name: ClassVar[str] = "0004-hashed-n-tuple-storage-layout"
    description: ClassVar[str] = "Folders are cut from the digest of the object id."
    digest_algorithm: str = "sha256"
    tuple_size: int = 3
    number_of_tuples: int = 3
    short_object_root: bool = False

    def __post_init__(self) -> None:
        _check(self.digest_algorithm, self.tuple_size, self.number_of_tuples)
        used = self.tuple_size * self.number_of_tuples
        if self.short_object_root and used == len(id_digest(self.digest_algorithm, "")):
            raise InvalidArgument("shortObjectRoot would leave no name for the object root")

    @classmethod
    def from_config(cls, config: Mapping[str, object]) -> Self:
        """Read digestAlgorithm, tupleSize, numberOfTuples, shortObjectRoot."""
        return cls(*_shared(config), flag_in(config, "shortObjectRoot"))

    def config(self) -> dict[str, object]:
        """Return all four parameters."""
        return {
            "digestAlgorithm": self.digest_algorithm,
            "tupleSize": self.tuple_size,
            "numberOfTuples": self.number_of_tuples,
            "shortObjectRoot": self.short_object_root,
        }

    def path_of(self, object_id: str) -> str:
        """Return `abc/def/012/abcdef012…`."""
        digest = id_digest(self.digest_algorithm, object_id)
        used = self.tuple_size * self.number_of_tuples if self.short_object_root else 0
        return "/".join((*tuples(digest, self.tuple_size, self.number_of_tuples), digest[used:]))


@dataclass(frozen=True, slots=True)
class HashAndIdNTuple:
    """Extension 0003, our default: folders cut from the digest, the readable id as object root."""

    name: ClassVar[str] = "0003-hash-and-id-n-tuple-storage-layout"
    description: ClassVar[str] = (
        "Folders are cut from the digest of the object id; the object root is named by the id."
    )
    digest_algorithm: str = "sha256"
    tuple_size: int = 3
    number_of_tuples: int = 3

    def __post_init__(self) -> None:
        _check(self.digest_algorithm, self.tuple_size, self.number_of_tuples)

    @classmethod
    def from_config(cls, config: Mapping[str, object]) -> Self:
        """Read digestAlgorithm, tupleSize, numberOfTuples."""
        return cls(*_shared(config))

    def config(self) -> dict[str, object]:
        """Return all three parameters."""
        return {
            "digestAlgorithm": self.digest_algorithm,
            "tupleSize": self.tuple_size,
            "numberOfTuples": self.number_of_tuples,
        }

    def path_of(self, object_id: str) -> str:
        """Return `abc/def/012/urn%3auuid%3a…`."""
        if not object_id:
            raise InvalidArgument("an object id cannot be empty")
        digest = id_digest(self.digest_algorithm, object_id)
        name = _UNSAFE.sub(_percent, object_id)
        if len(name) > _MOST_CHARACTERS:
            name = f"{name[:_MOST_CHARACTERS]}-{digest}"
        if not self.number_of_tuples:
            folder_name(name, object_id)  # it lies beside what the root itself needs
        return "/".join((*tuples(digest, self.tuple_size, self.number_of_tuples), name))


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02x}" for byte in match[0].encode())


def _shared(config: Mapping[str, object]) -> tuple[str, int, int]:
    return (
        text_in(config, "digestAlgorithm", "sha256"),
        number_in(config, "tupleSize", 3),
        number_in(config, "numberOfTuples", 3),
    )


def _check(algorithm: str, size: int, count: int) -> None:
    if algorithm not in ALGORITHMS:
        raise InvalidArgument(f"digestAlgorithm {algorithm!r} is not known")
    if (size == 0) != (count == 0):
        raise InvalidArgument("tupleSize and numberOfTuples must both be 0 or neither")
    if size * count > len(id_digest(algorithm, "")):
        raise InvalidArgument("numberOfTuples of tupleSize are longer than the digest")
