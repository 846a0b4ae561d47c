"""Where an export may go: a folder on this machine, named by a path or a `file:` URI."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from muniment.runtime.errors import InvalidArgument

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")


def local_target(text: str) -> Path:
    """Return the local path that a path or a URI means; RFC 8089 for `file:`.

    Raises InvalidArgument for another scheme, for a file on another host, and for nothing.
    """
    scheme = _SCHEME.match(text)
    if not text or "\0" in text:
        raise InvalidArgument("an export needs a place to go: a path, or file:///…")
    if scheme is None or (scheme[1].lower() != "file" and not text[scheme.end() :].startswith("/")):
        return Path(text)  # also a relative path that holds a colon
    if scheme[1].lower() != "file":
        raise InvalidArgument(
            f"{text}: this version exports to local folders only: a path, or file:///…; "
            f"{scheme[1]}: comes later"
        )
    parts = urlsplit(text)
    if parts.netloc not in {"", "localhost"} or parts.query or parts.fragment:
        raise InvalidArgument(f"{text} is no file on this machine; write file:///path")
    return Path(os.fsdecode(unquote_to_bytes(parts.path)))
