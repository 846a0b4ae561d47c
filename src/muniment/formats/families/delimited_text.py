"""CSV and TSV: the encoding, the delimiter, whether every row has the same columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from muniment.formats.families.plain_text import text_doubts, text_properties
from muniment.formats.families.text_reading import read_text
from muniment.formats.families.verdicts import invalid, tool, valid
from muniment.formats.types import Examination, ExaminationRequest

_TOOLS = (tool("Muniment CSV reader", "muniment"),)
_DELIMITERS = ",;\t|"
_SAMPLE_CHARACTERS = 64 * 1024


def examine(request: ExaminationRequest) -> Examination:
    """Read every row; rows of unequal length are a doubt, broken quoting is a fault."""
    facts = read_text(request.path)
    properties = text_properties(facts)
    if facts.fault:
        return invalid(_TOOLS, properties, facts.fault)
    delimiter = _delimiter(request.path, facts.encoding)
    rows, columns, uneven = 0, 0, 0
    try:
        for row in _rows(request.path, facts.encoding, delimiter):
            columns = columns or len(row)
            uneven += len(row) != columns
            rows += 1
    except csv.Error as exc:
        return invalid(_TOOLS, properties, f"row {rows + 1}: {exc}")
    properties |= {
        "table.rows": rows,
        "table.columns": columns,
        "table.delimiter": "tab" if delimiter == "\t" else delimiter,
    }
    doubts = text_doubts(facts)
    if uneven:
        doubts.append(f"{uneven} rows have not {columns} columns")
    return valid(_TOOLS, properties, *doubts)


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as stream:
        first = stream.readline(_SAMPLE_CHARACTERS)
    return max(_DELIMITERS, key=first.count)


def _rows(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as stream:
        yield from csv.reader(stream, delimiter=delimiter, strict=True)
