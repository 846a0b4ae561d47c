"""What digests look like, by algorithm (OCFL 1.1 §3.4)."""

from __future__ import annotations

_HEX_DIGITS = "0123456789abcdefABCDEF"
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

FIXITY_ALGORITHMS = frozenset(LENGTHS)
"""Names that the fixity block may use and that we can compute (E026, E056)."""

_CODES = {"sha1": "E029", "sha256": "E030", "sha512": "E031"}


def is_digest(text: str, algorithm: str) -> bool:
    """Say whether a text is hexadecimal, in either case, and as long as the algorithm makes it."""
    return len(text) == LENGTHS[algorithm] and not text.strip(_HEX_DIGITS)


def form_code(algorithm: str) -> str:
    """Return the code for a digest that this algorithm cannot have made."""
    return "E032" if algorithm.startswith("blake2b") else _CODES.get(algorithm, "E057")


def content_form_code(digest: str, algorithm: str) -> str:
    """Return the code for a wrong digest in manifest or state.

    One that has the form of the other algorithm was made by it: E039.
    """
    others = {"sha256", "sha512"} - {algorithm}
    if any(is_digest(digest, other) for other in others):
        return "E039"
    return form_code(algorithm)
