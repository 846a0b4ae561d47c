"""Checks the conformance declaration of an object or a storage root (NAMASTE)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from muniment.information.ocfl.namaste import Declares, declaration_content
from muniment.information.ocfl.regular_file import is_no_file, read_start
from muniment.information.ocfl.types import SPEC_VERSIONS
from muniment.information.ocfl.validation.log import FindingLog

_MOST_BYTES = 256


@dataclass(frozen=True, slots=True)
class DeclarationCodes:
    """The codes of one kind of declaration."""

    format: str
    missing: str
    several: str
    pattern: str
    tag: str
    value: str
    content: str


OBJECT_CODES = DeclarationCodes("E002", "E003", "E003", "E004", "E005", "E006", "E007")
ROOT_CODES = DeclarationCodes("E075", "E069", "E076", "E077", "E078", "E079", "E080")


def is_declaration(name: str, kind: Declares) -> bool:
    """Say whether a name is, or was meant to be, a declaration of this kind."""
    if name.startswith("0="):
        return True
    is_object = f"{Declares.OBJECT}_" in name
    return f"{kind}_" in name and is_object == (kind is Declares.OBJECT) and name[:1].isdigit()


def check_declaration(
    folder: Path, entries: Iterable[os.DirEntry[str]], kind: Declares, log: FindingLog
) -> str | None:
    """Check the declarations among the entries of a folder; return the version that is declared.

    Of several, the latest counts. None: nothing that we know is declared.
    """
    codes = OBJECT_CODES if kind is Declares.OBJECT else ROOT_CODES
    found = sorted(entry.name for entry in entries)
    declared = [spec for name in found if (spec := _spec(name, kind, codes, log))]
    if not found:
        log.add(codes.missing, "", f"0={kind}_{SPEC_VERSIONS[-1]} is missing")
    if len(declared) > 1:
        log.add(codes.several, "", ", ".join(found))
    for spec in declared:
        _check_content(folder, kind, spec, log)
    return max(declared, default=None)


def _spec(name: str, kind: Declares, codes: DeclarationCodes, log: FindingLog) -> str | None:
    tag, equals, value = name.partition("=")
    if not equals:
        log.add(codes.pattern, name)
    elif tag != "0":
        log.add(codes.tag, name)
    elif value.removeprefix(f"{kind}_") not in SPEC_VERSIONS or not value.startswith(f"{kind}_"):
        log.add(codes.value, name)
    else:
        return value.removeprefix(f"{kind}_")
    return None


def _check_content(folder: Path, kind: Declares, spec: str, log: FindingLog) -> None:
    codes = OBJECT_CODES if kind is Declares.OBJECT else ROOT_CODES
    name = f"0={kind}_{spec}"
    try:
        content = read_start(f"{folder}/{name}", _MOST_BYTES)
    except OSError as exc:
        code = codes.format if is_no_file(exc) else "UNREADABLE"
        log.add(code, name, exc.strerror or str(exc))
        return
    if content != declaration_content(kind, spec):
        log.add(codes.content, name, expected=f"{kind}_{spec}\n", found=repr(content))
