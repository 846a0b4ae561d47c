"""Names of digest algorithms in the names of manifests (RFC 8493 §2.4)."""

from __future__ import annotations

import re

from muniment.runtime.digest_algorithms import MAKERS

_PUNCTUATION = re.compile(r"[^a-z0-9]")
_BY_BAG_NAME = {_PUNCTUATION.sub("", name): name for name in MAKERS} | {
    "blake2b": "blake2b-512",
    "blake2s": "blake2s-256",
}
_HEX_LENGTH: dict[str, int] = {}


def algorithm_named(text: str) -> str | None:
    """Return our name of an algorithm that a bag names with or without punctuation."""
    return _BY_BAG_NAME.get(_PUNCTUATION.sub("", text.lower()))


def bag_name(algorithm: str) -> str:
    """Return the name as RFC 8493 §2.4 writes it: lower case, without punctuation."""
    return _PUNCTUATION.sub("", algorithm)


def digest_bytes(algorithm: str) -> int:
    """Return how many bytes a digest of this algorithm has."""
    if algorithm not in _HEX_LENGTH:
        made = MAKERS[algorithm]()
        _HEX_LENGTH[algorithm] = len(made.hexdigest()) // 2  # type: ignore[attr-defined]  # see MAKERS
    return _HEX_LENGTH[algorithm]
