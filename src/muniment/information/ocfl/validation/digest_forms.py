"""What digests look like, by algorithm (OCFL 1.1 §3.4)."""

from __future__ import annotations

import re

_HEX = re.compile(r"[0-9A-Fa-f]+", re.ASCII)
LENGTHS = {
    "md5": 32,
    "sha1": 40,
    "sha256": 64,
    "sha512": 128,
    "sha512/256": 64,
    "blake2b-160": 40,
    "blake2b-256": 64,
    "blake2b-384": 96,
    "blake2b-512": 128,
}
"""Hex digits by algorithm: the names of the specification and of extensions 0001 and 0009."""

_CODES = {"sha1": "E029", "sha256": "E030", "sha512": "E031"}
NOT_HEX = "(length(digest) <> ? OR digest GLOB '*[^0-9A-Fa-f]*')"
"""SQL condition for a digest that is not of the length given; finds the few that need a look."""


def form_code(algorithm: str) -> str:
    """Return the code for a digest that this algorithm cannot have made."""
    return "E032" if algorithm.startswith("blake2b") else _CODES.get(algorithm, "E057")


def content_form_code(digest: str, algorithm: str) -> str:
    """Return the code for a wrong digest in manifest or state.

    One that has the form of the other algorithm was made by it: E039.
    """
    others = {length for name, length in LENGTHS.items() if name in {"sha256", "sha512"}}
    if _HEX.fullmatch(digest) and len(digest) in others - {LENGTHS[algorithm]}:
        return "E039"
    return form_code(algorithm)
