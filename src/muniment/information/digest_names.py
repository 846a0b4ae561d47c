"""Digest algorithms: our names, those of PREMIS and those that METS 1.12 lists."""

from __future__ import annotations

_NAMES = {
    "md5": "MD5",
    "sha1": "SHA-1",
    "sha224": "SHA-224",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
    "adler32": "Adler-32",
}
_OURS = {name.lower(): ours for ours, name in _NAMES.items()} | {name: name for name in _NAMES}

METS_ALGORITHMS = frozenset({"md5", "sha1", "sha256", "sha384", "sha512", "adler32"})
"""Those of ours that METS can name (CHECKSUMTYPE also lists CRC32 and some that we lack)."""


def standard_name(algorithm: str) -> str:
    """Return the name as PREMIS and METS write it: `SHA-512` for `sha512`."""
    return _NAMES.get(algorithm) or algorithm.upper()


def our_name(name: str) -> str:
    """Return our name of an algorithm, in whatever case others wrote it."""
    return _OURS.get(name.lower()) or name.lower()
