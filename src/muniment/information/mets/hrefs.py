"""Between paths of a package and the `xlink:href` of METS (CSIP79: a URL, relative)."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

_PLAIN = re.compile(r"[A-Za-z0-9_.~/!$&'()*+,;=@-]*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def href_of(path: str) -> str:
    """Write a path as a relative URL; bytes and `%` are percent-encoded, RFC 3986 §3.3."""
    if _PLAIN.fullmatch(path):
        return path
    return quote(path, safe="/!$&'()*+,;=@~", errors="surrogateescape")


def path_of(href: str) -> str | None:
    """Read a relative URL as a path; None for what does not lie in a package by its form.

    Whether the path stays inside is for the caller to say: `..` is kept.
    """
    name = name_of(href)
    return None if name is None else name.decode("utf-8", "surrogateescape")


def name_of(href: str) -> bytes | None:
    """Read a relative URL as the bytes of a file's name; None as in `path_of`.

    `file:` prefixes in front of a relative path, which other tools write, are taken off.
    """
    rest = href
    for prefix in ("file://./", "file:///", "file://", "file:"):
        if rest.lower().startswith(prefix):
            rest = rest[len(prefix) :]
            break
    else:
        if _SCHEME.match(rest):
            return None
    rest = rest.partition("#")[0]
    while rest.startswith("./"):
        rest = rest[2:]
    if not rest or rest.startswith("/"):
        return None
    return unquote_to_bytes(rest)
