"""`metadata/dc.csv` of a plain folder: a header of terms, rows of values.

A column is `title`, `dc.title` or `dcterms.title`, with a language as `title@fr`. A column may
repeat, and so may rows; every cell that is not empty is one value. A column `filename`, as in the
metadata.csv of Archivematica, is allowed: rows that name a single file are reported, not used.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

from muniment.information.dublin_core.model import DublinCore, DublinCoreValue
from muniment.information.dublin_core.terms import TERMS
from muniment.information.xml.reading import ByteSource
from muniment.runtime.findings import Finding, code_table

LIMIT_BYTES = 16 * 1024 * 1024
_COLUMN = re.compile(r"(?:dc[.:]|dcterms[.:])?(?P<term>[A-Za-z]+)(?:@(?P<language>[A-Za-z0-9-]+))?")
_TERM_BY_LOWER_CASE = {term.lower(): term for term in TERMS}
_WHOLE_PACKAGE = {"", ".", "/", "objects", "objects/", "data", "data/"}


@dataclass(frozen=True, slots=True)
class _Column:
    term: str
    language: str


def read_dc_csv(
    stream: ByteSource, *, document: str = "metadata/dc.csv"
) -> tuple[DublinCore, list[Finding]]:
    """Read the values and say what was not used. UTF-8, with or without a byte order mark."""
    content = stream.read(LIMIT_BYTES + 1)
    if len(content) > LIMIT_BYTES:
        return DublinCore(), [_unreadable(document, f"it has more than {LIMIT_BYTES} bytes")]
    try:
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as exc:
        return DublinCore(), [_unreadable(document, str(exc))]
    if not rows:
        return DublinCore(), [_unreadable(document, "it has no header")]
    return _read_rows(rows, document)


def _read_rows(rows: list[list[str]], document: str) -> tuple[DublinCore, list[Finding]]:
    columns = [_column(name) for name in rows[0]]
    file_at = next((i for i, name in enumerate(rows[0]) if name.strip() == "filename"), None)
    findings = [
        code_table(__package__ or "").finding(
            "DC01", path=document, parameter=name, column=name, document=document
        )
        for at, (name, column) in enumerate(zip(rows[0], columns, strict=True))
        if column is None and at != file_at and name.strip()
    ]
    values: list[DublinCoreValue] = []
    for line, row in enumerate(rows[1:], start=2):
        file = row[file_at].strip() if file_at is not None and file_at < len(row) else ""
        if file in _WHOLE_PACKAGE:
            values.extend(_values(columns, row))
        else:
            findings.append(_of_one_file(document, line, file))
    return DublinCore(tuple(values)), findings


def _column(name: str) -> _Column | None:
    match = _COLUMN.fullmatch(name.strip())
    term = _TERM_BY_LOWER_CASE.get(match["term"].lower()) if match else None
    return _Column(term, match["language"] or "") if match and term else None


def _values(columns: Iterable[_Column | None], row: Iterable[str]) -> Iterator[DublinCoreValue]:
    for column, cell in zip(columns, row, strict=False):
        if column is not None and cell.strip():
            yield DublinCoreValue(column.term, cell.strip(), column.language)


def _unreadable(document: str, reason: str) -> Finding:
    return code_table(__package__ or "").finding(
        "DC02", path=document, document=document, reason=reason
    )


def _of_one_file(document: str, line: int, file: str) -> Finding:
    return code_table(__package__ or "").finding(
        "DC03", path=document, pointer=f"line {line}", document=document, line=str(line), file=file
    )
