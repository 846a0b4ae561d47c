"""Names inside an OCFL object: version directories and content paths."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_VERSION = re.compile(r"v(0*)([1-9][0-9]*)", re.ASCII)
# Refused or changed by some file system, object store or shell: control characters, what Windows
# forbids, what S3's guide says to avoid, and "%" itself, so that encoding can be undone.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\\:*?\"<>|%{}^`\[\]~#\ud800-\udfff]")
_PLAIN = re.compile(r"[A-Za-z0-9_\-./ ,+=@!()&$;']*", re.ASCII)
# Windows drops a dot or space at the end of a name and has device names that nothing may be called.
_EDGE = re.compile(r"^ |[ .](?=/|$)|(?<=/) ")
_DEVICE = re.compile(r"(?i)(?<![^/])(con|prn|aux|nul|com[1-9]|lpt[1-9])(?=[./]|$)")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_ELEMENT_BYTES = 255
_KEPT_BYTES = 160
_PATH_BYTES = 800


def version_name(number: int, width: int = 0) -> str:
    """Return `v3`, or `v0003` for a width of 4 digits (OCFL 1.1 §3.3: width 0 is the advice)."""
    return f"v{number:0{width}d}" if width else f"v{number}"


def parse_version_name(name: str) -> tuple[int, int] | None:
    """Return (number, width) of a version directory name; None when it is not one.

    A zero-padded name has the width of all its digits, another has width 0.
    """
    match = _VERSION.fullmatch(name)
    if match is None or len(name) > 20:
        return None
    zeros, digits = match.groups()
    return int(digits), len(zeros) + len(digits) if zeros else 0


def safe_content_path(logical_path: str) -> str:
    """Return a path, "/" separated, that any file system or object store takes.

    Letters of all scripts stay readable. Unsafe characters are percent-encoded as UTF-8; an element
    over 255 bytes and a path over 800 bytes are shortened with a digest of the whole logical path,
    so that two logical paths never meet. Injective, and the identity for plain names.
    """
    if _PLAIN.fullmatch(logical_path) and len(logical_path) < _ELEMENT_BYTES:
        encoded = logical_path
    else:
        encoded = _encoded(logical_path)
    if _EDGE.search(encoded) or _DEVICE.search(encoded):
        encoded = _DEVICE.sub(_percent_first, _EDGE.sub(_percent_space_or_dot, encoded))
    if len(encoded) < _ELEMENT_BYTES and encoded.isascii():
        return encoded
    return _shortened(encoded, logical_path)


def _encoded(logical_path: str) -> str:
    if not unicodedata.is_normalized("NFC", logical_path):
        # A normalising file system would give it back under another name.
        return _NOT_ASCII.sub(_percent, _UNSAFE.sub(_percent, logical_path))
    return _UNSAFE.sub(_percent, logical_path)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02x}" for byte in match[0].encode("utf-8", "surrogatepass"))


def _percent_space_or_dot(match: re.Match[str]) -> str:
    return "%20" if match[0] == " " else "%2e"


def _percent_first(match: re.Match[str]) -> str:
    return f"%{ord(match[0][0]):02x}{match[0][1:]}"


def _shortened(encoded: str, logical_path: str) -> str:
    elements = encoded.split("/")
    if any(len(element.encode()) > _ELEMENT_BYTES for element in elements):
        elements = [
            element if len(element.encode()) <= _ELEMENT_BYTES else _short_element(element)
            for element in elements
        ]
    path = "/".join(elements)
    if len(path.encode()) <= _PATH_BYTES:
        return path
    digest = hashlib.sha256(logical_path.encode("utf-8", "surrogatepass")).hexdigest()
    return f"long/{digest}/{elements[-1]}"


def _short_element(element: str) -> str:
    digest = hashlib.sha256(element.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    stem, dot, extension = element.rpartition(".")
    if not dot or len(extension.encode()) > 16 or not stem:
        stem, extension = element, ""
    kept = stem.encode()[:_KEPT_BYTES].decode(errors="ignore")
    kept = re.sub(r"%[0-9a-f]?$", "", kept)
    return f"{kept}-{digest}.{extension}" if extension else f"{kept}-{digest}"
