"""Makes OCFL objects and storage roots on disk, good ones; tests then break them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from muniment.information.ocfl import (
    Declares,
    InventoryIndex,
    Layout,
    declaration_content,
    declaration_name,
    read_inventory,
    sidecar_line,
    sidecar_name,
    write_inventory,
    write_layout,
)

OBJECT_ID = "urn:uuid:018f4a3c-0000-7000-8000-000000000001"
WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
Files = Mapping[str, bytes]
Document = dict[str, Any]


def sha512(content: bytes) -> str:
    """Return the digest as OCFL writes it."""
    return hashlib.sha512(content).hexdigest()


def md5(content: bytes) -> str:
    """Return a digest for the fixity block."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def declare(folder: Path, kind: Declares, spec: str = "1.1") -> None:
    """Write the declaration of an object or root."""
    path = folder / declaration_name(kind, spec)
    path.write_bytes(declaration_content(kind, spec))


def put_inventory(folder: Path, index: InventoryIndex) -> None:
    """Write inventory and sidecar."""
    with (folder / "inventory.json").open("wb") as stream:
        digest = write_inventory(stream, index)
    (folder / sidecar_name("sha512")).write_bytes(sidecar_line(digest))


def add_version(folder: Path, index: InventoryIndex, files: Files) -> None:
    """Write the next version of an object and its inventories."""
    new = index.new_version(WHEN, message="m", user_name="Ada", user_address="mailto:a@b.org")
    with new as version:
        for path, content in files.items():
            place = version.place(path, sha512(content), {"md5": md5(content)})
            if place is not None:
                target = folder / place
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
    (folder / index.head_name).mkdir(exist_ok=True)
    for each in (folder, folder / index.head_name):
        put_inventory(each, index)


def an_object(
    folder: Path,
    versions: Sequence[Files] = ({"a.txt": b"one", "b/c.txt": b"two"},),
    object_id: str = OBJECT_ID,
) -> Path:
    """Write a valid object of these versions (logical path -> content)."""
    folder.mkdir(parents=True, exist_ok=True)
    declare(folder, Declares.OBJECT)
    with InventoryIndex.new(object_id) as index:
        for files in versions:
            add_version(folder, index, files)
    return folder


def a_root(folder: Path, layout: Layout, object_ids: Sequence[str] = (OBJECT_ID,)) -> Path:
    """Write a valid storage root with one small object for each id."""
    folder.mkdir(parents=True, exist_ok=True)
    declare(folder, Declares.ROOT)
    write_layout(folder, layout)
    for object_id in object_ids:
        an_object(folder / layout.path_of(object_id), object_id=object_id)
    return folder


def document_at(path: Path) -> Document:
    """Read an inventory as plain JSON."""
    document: Document = json.loads((path / "inventory.json").read_bytes())
    return document


def write_document(folder: Path, document: object, algorithm: str = "sha512") -> None:
    """Write any JSON as inventory, with a sidecar that agrees."""
    write_bytes(folder, json.dumps(document).encode(), algorithm)


def write_bytes(folder: Path, content: bytes, algorithm: str = "sha512") -> None:
    """Write any bytes as inventory, with a sidecar that agrees."""
    (folder / "inventory.json").write_bytes(content)
    for old in folder.glob("inventory.json.*"):
        old.unlink()
    digest = hashlib.new(algorithm, content).hexdigest()
    (folder / sidecar_name(algorithm)).write_bytes(sidecar_line(digest))


def rewrite(root: Path, change: Callable[[Document], object], *places: str) -> None:
    """Change the inventories at `places` (by default the root's and its newest version's)."""
    document = document_at(root)
    for place in places or ("", str(document["head"])):
        changed = document_at(root / place)
        change(changed)
        write_document(root / place, changed)


def changed_text(root: Path, newest: str, change: Callable[[str], str]) -> None:
    """Change the text of the newest inventory, both copies, sidecars kept right."""
    text = change((root / "inventory.json").read_text(encoding="utf-8"))
    for folder in (root, root / newest):
        write_bytes(folder, text.encode())


def read_back(folder: Path) -> InventoryIndex:
    """Read the inventory of a folder by the strict reader."""
    with (folder / "inventory.json").open("rb") as stream:
        return read_inventory(stream)
