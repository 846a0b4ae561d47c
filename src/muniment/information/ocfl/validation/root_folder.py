"""Checks what lies directly in a storage root (OCFL 1.1 §4.1)."""

from __future__ import annotations

import json
import os
from pathlib import Path

from muniment.information.ocfl.layouts import LAYOUT_FILE, Layout, read_layout
from muniment.information.ocfl.namaste import Declares
from muniment.information.ocfl.regular_file import read_start
from muniment.information.ocfl.validation.declaration import check_declaration, is_declaration
from muniment.information.ocfl.validation.listing import list_folder
from muniment.information.ocfl.validation.log import FindingLog
from muniment.information.ocfl.validation.names import is_registered
from muniment.information.ocfl.validation.object_folder import check_extensions
from muniment.runtime.errors import CorruptObject, StorageUnavailable

EXTENSIONS = "extensions"
_MOST_BYTES = 1024 * 1024


def check_root_entries(folder: Path, log: FindingLog) -> list[os.DirEntry[str]]:
    """Check declaration, layout, extensions and links of the root; return its other directories.

    Files that we do not understand are ignored, as E087 demands.
    """
    entries = list_folder(folder, "", log)
    if entries is None:
        return []
    declarations = [entry for entry in entries if is_declaration(entry.name, Declares.ROOT)]
    log.spec = check_declaration(folder, declarations, Declares.ROOT, log) or log.spec
    hierarchy: list[os.DirEntry[str]] = []
    for entry in entries:
        if entry.is_symlink():
            log.add("E090", entry.name)
        elif entry.name == EXTENSIONS and entry.is_dir():
            check_extensions(folder / EXTENSIONS, "E112", "W016", log)
        elif entry.is_dir(follow_symlinks=False) and entry not in declarations:
            hierarchy.append(entry)
    return hierarchy


def check_layout(folder: Path, log: FindingLog) -> Layout | None:
    """Check `ocfl_layout.json`; return the layout when we know it."""
    try:
        document = json.loads(read_start(f"{folder}/{LAYOUT_FILE}", _MOST_BYTES))
    except FileNotFoundError:
        return None
    except OSError as exc:
        log.add("UNREADABLE", LAYOUT_FILE, exc.strerror or str(exc))
        return None
    except (ValueError, RecursionError) as exc:
        log.add("E070", LAYOUT_FILE, f"not JSON: {exc}")
        return None
    if not _is_description(document):
        log.add("E070", LAYOUT_FILE)
        return None
    if not is_registered(document["extension"]):
        log.add("E071", LAYOUT_FILE, document["extension"])
        return None
    return _known_layout(folder, log)


def _is_description(document: object) -> bool:
    return isinstance(document, dict) and all(
        isinstance(document.get(key), str) for key in ("extension", "description")
    )


def _known_layout(folder: Path, log: FindingLog) -> Layout | None:
    try:
        return read_layout(folder)
    except CorruptObject as exc:
        log.add("E071", LAYOUT_FILE, str(exc))
    except StorageUnavailable as exc:
        log.add("UNREADABLE", LAYOUT_FILE, str(exc))
    return None
