"""Which encoding a text is in, found in one streaming read."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

_BLOCK_BYTES = 256 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class TextFacts:
    """`encoding` is "" where none fits; `fault` says why the text does not keep it."""

    encoding: str
    line_ending: str
    lines: int
    has_nul: bool
    fault: str = ""
    is_guess: bool = False


def read_text(path: Path) -> TextFacts:
    """Read a file as text: a byte order mark decides, then UTF-8, then a guess."""
    with path.open("rb") as stream:
        head = stream.read(_BLOCK_BYTES)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return _decode(path, name)
    facts = _decode(path, "utf-8")
    return facts if not facts.fault else _guess(path, head)


def _decode(path: Path, encoding: str, *, is_guess: bool = False) -> TextFacts:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = carriage_returns = both = 0
    has_nul = is_wide = False
    last = ""
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                text = decoder.decode(block)
                lines += text.count("\n")
                carriage_returns += text.count("\r")
                both += text.count("\r\n") + (last == "\r" and text.startswith("\n"))
                has_nul = has_nul or "\0" in text
                is_wide = is_wide or not text.isascii()
                last = text[-1:] or last
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as exc:
        return TextFacts(encoding, "", lines, has_nul, fault=f"byte {exc.start}: {exc.reason}")
    shown = "us-ascii" if encoding == "utf-8" and not is_wide else encoding.removesuffix("-sig")
    ending = _ending(lines, carriage_returns, both)
    total = lines + carriage_returns - both + (last not in {"", "\n", "\r"})
    return TextFacts(shown, ending, total, has_nul, is_guess=is_guess)


def _ending(line_feeds: int, carriage_returns: int, both: int) -> str:
    kinds = {
        "CRLF": both,
        "LF": line_feeds - both,
        "CR": carriage_returns - both,
    }
    used = [name for name, count in kinds.items() if count]
    return "mixed" if len(used) > 1 else "".join(used)


def _guess(path: Path, head: bytes) -> TextFacts:
    from charset_normalizer import from_bytes

    matches = from_bytes(head[:65536])
    best = matches.best()
    if best is None or best.encoding is None:
        return TextFacts("", "", 0, b"\0" in head, fault="no character encoding fits")
    equal = [
        match.encoding
        for match in matches
        if (match.chaos, match.coherence) == (best.chaos, best.coherence)
    ]
    # Short western texts fit several code pages equally well, and the first by name would win.
    encoding = "cp1252" if "cp1252" in equal else best.encoding
    return _decode(path, encoding, is_guess=True)
