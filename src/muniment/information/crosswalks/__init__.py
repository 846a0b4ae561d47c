"""Crosswalks: what producers wrote in MODS, EAD, DataCite or MARCXML, as Dublin Core terms."""

from __future__ import annotations

from muniment.information.crosswalks.documents import Description, read_descriptions
from muniment.information.crosswalks.forms import Form, table_of
from muniment.information.crosswalks.package import Crosswalk, map_documents

__all__ = ["Crosswalk", "Description", "Form", "map_documents", "read_descriptions", "table_of"]
