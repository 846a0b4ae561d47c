"""Dublin Core terms as values with languages; XML in and out, and the CSV of plain folders."""

from __future__ import annotations

from muniment.information.dublin_core.csv_reading import read_dc_csv
from muniment.information.dublin_core.model import DCTERMS, DublinCore, DublinCoreValue
from muniment.information.dublin_core.reader import read_dublin_core
from muniment.information.dublin_core.schema import SCHEMA
from muniment.information.dublin_core.terms import TERMS
from muniment.information.dublin_core.writer import render_dublin_core

__all__ = [
    "DCTERMS",
    "SCHEMA",
    "TERMS",
    "DublinCore",
    "DublinCoreValue",
    "read_dc_csv",
    "read_dublin_core",
    "render_dublin_core",
]
