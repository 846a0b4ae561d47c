"""Where objects lie under a storage root: the registered layout extensions, and reading them.

A layout maps an object id to a path. A root whose layout we do not know is read by walking it.
"""

from __future__ import annotations

from muniment.information.ocfl.layouts.description import (
    LAYOUT_FILE,
    layout_from_config,
    read_layout,
    write_layout,
)
from muniment.information.ocfl.layouts.flat import FlatDirect, FlatOmitPrefix
from muniment.information.ocfl.layouts.hashed import HashAndIdNTuple, HashedNTuple
from muniment.information.ocfl.layouts.layout import Layout
from muniment.information.ocfl.layouts.n_tuple_omit_prefix import NTupleOmitPrefix
from muniment.information.ocfl.layouts.walk import find_objects

__all__ = [
    "LAYOUT_FILE",
    "FlatDirect",
    "FlatOmitPrefix",
    "HashAndIdNTuple",
    "HashedNTuple",
    "Layout",
    "NTupleOmitPrefix",
    "find_objects",
    "layout_from_config",
    "read_layout",
    "write_layout",
]
