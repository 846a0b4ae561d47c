"""Paths in manifests: percent-encoding of CR, LF and %, and the key that we compare by.

A key is the path below the bag as `paths.encode_name` writes the bytes of its name on disk, so
that names which are not UTF-8 and listings of received packages compare exactly.
"""

from __future__ import annotations

import re

from muniment.information.paths import check_path, decode_name, encode_name

_LINE_ENDS = re.compile(r"%0[adAD]")
_ENCODED = re.compile(r"%(?:0[adAD]|25)")
_TO_ENCODE = re.compile(r"[\r\n%]")


def key_of(text: str) -> str:
    """Return the key of a path of a manifest; undecodable bytes are there as surrogates."""
    if text.isprintable() and "%" not in text:
        return text
    return encode_name(text.encode("utf-8", "surrogateescape"))


def decode_manifest_path(text: str, *, with_percent: bool) -> str:
    """Undo the encoding of a manifest: CR and LF always, `%` from version 1.0 on.

    Source: RFC 8493 §2.1.3; draft-kunze-bagit-14 §2.1.3 for 0.97 and before.
    """
    if "%" not in text:
        return text
    pattern = _ENCODED if with_percent else _LINE_ENDS
    return pattern.sub(lambda match: chr(int(match[0][1:], 16)), text)


def encode_manifest_path(path: str, *, with_percent: bool = True) -> str:
    """Write a path as manifests and fetch.txt have it (RFC 8493 §2.1.3)."""

    def encoded(match: re.Match[str]) -> str:
        keeps = match[0] == "%" and not with_percent
        return match[0] if keeps else f"%{ord(match[0]):02X}"

    return _TO_ENCODE.sub(encoded, path)


def is_unsafe(text: str) -> bool:
    """Say whether a path of a manifest could lead out of the bag (RFC 8493 §5.3; S12)."""
    raw = text.encode("utf-8", "surrogateescape")
    return text.startswith("~") or check_path(raw) is not None


def spellings(key: str) -> tuple[str, ...]:
    """Return the keys that sloppy writers of bags mean by this one: `%25` for `%` and back."""
    raw = decode_name(key).decode("utf-8", "surrogateescape")
    other = _ENCODED.sub(lambda match: chr(int(match[0][1:], 16)), raw)
    return (key_of(other), key_of(raw.replace("%", "%25")))
