"""`ocfl_layout.json` and the `config.json` of the layout's extension (OCFL 1.1 §4.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from muniment.information.ocfl.layouts.flat import FlatDirect, FlatOmitPrefix
from muniment.information.ocfl.layouts.hashed import HashAndIdNTuple, HashedNTuple
from muniment.information.ocfl.layouts.layout import Layout
from muniment.information.ocfl.layouts.n_tuple_omit_prefix import NTupleOmitPrefix
from muniment.information.ocfl.regular_file import open_strictly
from muniment.runtime.durable import storage_errors, write_durably
from muniment.runtime.errors import CorruptObject, InvalidArgument

LAYOUT_FILE = "ocfl_layout.json"
_MOST_BYTES = 1024 * 1024
_KNOWN: dict[str, type[Layout]] = {
    FlatDirect.name: FlatDirect,
    HashAndIdNTuple.name: HashAndIdNTuple,
    HashedNTuple.name: HashedNTuple,
    FlatOmitPrefix.name: FlatOmitPrefix,
    NTupleOmitPrefix.name: NTupleOmitPrefix,
}


def layout_from_config(name: str, config: Mapping[str, object]) -> Layout | None:
    """Return the layout of that extension, None when we do not know it.

    Raises InvalidArgument for parameters that it does not take.
    """
    known = _KNOWN.get(name)
    return None if known is None else known.from_config(config)


def read_layout(root: Path) -> Layout | None:
    """Read which layout a storage root has; None when it does not say, or one we do not know.

    Raises CorruptObject for a description that cannot be read, StorageUnavailable.
    """
    description = _read_object(root / LAYOUT_FILE)
    if description is None:
        return None
    name = description.get("extension")
    if not isinstance(name, str) or "/" in name or name in {"", ".", ".."}:
        raise CorruptObject(f"{root / LAYOUT_FILE} names no extension (E070)")
    try:
        return layout_from_config(name, _read_object(_config_path(root, name)) or {})
    except InvalidArgument as exc:
        raise CorruptObject(f"{_config_path(root, name)}: {exc}") from exc


def write_layout(root: Path, layout: Layout) -> None:
    """Write `config.json` and then `ocfl_layout.json`, each durably."""
    config = _config_path(root, layout.name)
    with storage_errors(str(root)):
        config.parent.mkdir(parents=True, exist_ok=True)
        _write(config, {"extensionName": layout.name, **layout.config()})
        description = {"extension": layout.name, "description": layout.description}
        _write(root / LAYOUT_FILE, description)


def _config_path(root: Path, name: str) -> Path:
    return root / "extensions" / name / "config.json"


def _write(path: Path, document: Mapping[str, object]) -> None:
    with write_durably(path) as stream:
        stream.write(json.dumps(document, indent=2).encode() + b"\n")


def _read_object(path: Path) -> dict[str, object] | None:
    if not path.exists():
        return None
    with storage_errors(str(path)), open_strictly(path) as stream:
        content = stream.read(_MOST_BYTES)
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as exc:
        raise CorruptObject(f"{path} is not JSON: {exc}") from exc
    if not isinstance(document, dict):
        raise CorruptObject(f"{path} is not a JSON object")
    return document
