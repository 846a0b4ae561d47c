"""Reads tag files line by line in the declared encoding, whatever their line ends are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from muniment.information.bagit.declaration import CODES, Declaration
from muniment.runtime.findings import Finding

MAX_LINE_CHARACTERS = 64 * 1024
_SURROGATES = {chr(code) for code in range(0xDC80, 0xDD00)}


def read_lines(
    bag: Path, name: str, declaration: Declaration, findings: list[Finding]
) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line that is not empty; memory is flat.

    Bytes that are not in the encoding become surrogates, once reported; a file that cannot be
    read is reported and yields nothing. Lines beyond 64 Ki characters are cut there.
    """
    encoding = declaration.encoding
    errors = "surrogateescape" if encoding in {"utf-8", "ascii"} else "replace"
    try:
        with (bag / name).open(encoding=encoding, errors=errors) as stream:
            is_reported = False
            for number, line in enumerate(_lines(stream), 1):
                text = line.removesuffix("\n")
                if number == 1 and text.startswith("\ufeff"):
                    findings.append(CODES.finding("tag-bom", path=name))
                    text = text[1:]
                if not is_reported and not text.isascii() and _is_broken(text):
                    is_reported = True
                    findings.append(_not_encoded(name, encoding, number))
                if text:
                    yield number, text
    except OSError as exc:
        findings.append(CODES.finding("tag-unreadable", path=name, reason=str(exc.strerror)))
    except UnicodeError as exc:
        findings.append(CODES.finding("tag-unreadable", path=name, reason=str(exc)))


def _lines(stream: io.TextIOWrapper) -> Iterator[str]:
    return iter(lambda: stream.readline(MAX_LINE_CHARACTERS), "")


def _is_broken(text: str) -> bool:
    return "\ufffd" in text or not _SURROGATES.isdisjoint(text)


def _not_encoded(name: str, encoding: str, line: int) -> Finding:
    return CODES.finding("tag-encoding", path=name, encoding=encoding.upper(), line=str(line))
