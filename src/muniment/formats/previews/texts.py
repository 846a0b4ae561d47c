"""The beginning of a text, decoded: by its mark, its declaration, what ingest found, or a guess."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

MOST_BYTES = 64 << 10
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,80}encoding=["']([A-Za-z0-9._-]{1,40})["']""")
# Controls become their pictures, marks that turn the direction of writing become visible.
_SHOWN = {number: 0x2400 + number for number in range(32) if chr(number) not in "\t\n\r"}
_SHOWN |= {0x7F: 0x2421}
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text and how it was read; `is_cut`: the file goes on behind it."""

    text: str
    encoding: str
    is_cut: bool


def shown_text(data: bytes, *, is_cut: bool, hint: str = "") -> ShownText:
    """Decode the beginning of a file; what cannot be decoded is replaced, nothing fails."""
    encoding = _encoding(data, hint, is_cut)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    text = decoder.decode(data, final=not is_cut).translate(_SHOWN)
    return ShownText(_TURNS.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text), encoding, is_cut)


def _encoding(data: bytes, hint: str, is_cut: bool) -> str:  # inner
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if wide := _wide(data):
        return wide
    if _decodes(data, "utf-8", is_cut):
        return "utf-8"
    declared = _DECLARED.match(data[:200])
    wanted = (declared[1].decode() if declared else "", hint)
    return next((name for name in wanted if name and _is_text(name)), "cp1252")


def _decodes(data: bytes, name: str, is_cut: bool) -> bool:  # inner
    try:
        codecs.getincrementaldecoder(name)("strict").decode(data, final=not is_cut)
    except UnicodeDecodeError:
        return False
    return True


def _wide(data: bytes) -> str:
    """Tell UTF-16 without a mark by where its zeros stand."""
    sample = data[:1000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(sample) < 4 or min(even, odd) or max(even, odd) * 3 < len(sample):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_text(name: str) -> bool:
    """Say whether a name is an encoding of texts: `zlib` and the like are codecs too."""
    try:
        found = codecs.lookup(name)
        codecs.getincrementaldecoder(name)
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return False
    return found._is_text_encoding
