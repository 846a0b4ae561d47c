"""Conformance declarations of storage roots and objects (OCFL 1.1 §3.2, §4.1; NAMASTE)."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path

from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import CorruptObject


class Declares(StrEnum):
    """What a declaration says its folder is."""

    ROOT = "ocfl"
    OBJECT = "ocfl_object"


def declaration_name(kind: Declares, spec: str = "1.1") -> str:
    """Return the file name, `0=ocfl_object_1.1`."""
    return f"0={kind}_{spec}"


def declaration_content(kind: Declares, spec: str = "1.1") -> bytes:
    """Return the content of the file: its dvalue and a newline."""
    return f"{kind}_{spec}\n".encode("ascii")


def read_declaration(folder: Path, kind: Declares) -> str | None:
    """Return the version of the specification that a folder declares, None without declaration.

    The content is not read. Raises CorruptObject for several, StorageUnavailable.
    """
    prefix = f"0={kind}_"
    with storage_errors(str(folder)):
        found = sorted(name for name in os.listdir(folder) if name.startswith(prefix))  # noqa: PTH208  # ten times faster than iterdir
    if kind is Declares.ROOT:
        found = [name for name in found if not name.startswith("0=ocfl_object_")]
    if len(found) > 1:
        raise CorruptObject(f"{folder} has several declarations: {', '.join(found)}")
    return found[0].removeprefix(prefix) if found else None
