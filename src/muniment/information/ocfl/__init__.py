"""OCFL 1.0 and 1.1: inventories, layouts, declarations and validation, without any storage of ours.

Reading and writing an object's inventory::

    with load_inventory(object_root) as index:              # verifies the sidecar; streams
        for file in index.state(index.head):                # sorted by logical path
            file.logical_path, file.digest, file.content_path
        with index.new_version(now, message="…", user_name="Ada", user_address="mailto:…") as new:
            where = new.place("a/b.txt", sha512, {"md5": …})   # None: the bytes are there already
        with open(…, "wb") as stream:
            digest = write_inventory(stream, index)         # for sidecar_line(digest)

A first version starts from `InventoryIndex.new("urn:uuid:…")`. Memory stays flat: the rows are in a
private temporary database. Layouts: `read_layout(root)` gives None for one that we do not know;
`find_objects(root)` walks any root. `validation` is a package of its own, and imports all of this.
"""

from __future__ import annotations

from muniment.information.ocfl.index import InventoryIndex
from muniment.information.ocfl.layouts import (
    HashAndIdNTuple,
    Layout,
    find_objects,
    read_layout,
    write_layout,
)
from muniment.information.ocfl.namaste import (
    Declares,
    declaration_content,
    declaration_name,
    read_declaration,
)
from muniment.information.ocfl.names import parse_version_name, safe_content_path, version_name
from muniment.information.ocfl.new_version import NewVersion
from muniment.information.ocfl.reading import load_inventory, read_head, read_inventory
from muniment.information.ocfl.sidecar import (
    parse_sidecar,
    read_sidecar,
    sidecar_line,
    sidecar_name,
)
from muniment.information.ocfl.types import (
    INVENTORY,
    InventoryHeader,
    StateChange,
    StateEntry,
    VersionEntry,
    VersionRecord,
)
from muniment.information.ocfl.writing import write_inventory

__all__ = [
    "INVENTORY",
    "Declares",
    "HashAndIdNTuple",
    "InventoryHeader",
    "InventoryIndex",
    "Layout",
    "NewVersion",
    "StateChange",
    "StateEntry",
    "VersionEntry",
    "VersionRecord",
    "declaration_content",
    "declaration_name",
    "find_objects",
    "load_inventory",
    "parse_sidecar",
    "parse_version_name",
    "read_declaration",
    "read_head",
    "read_inventory",
    "read_layout",
    "read_sidecar",
    "safe_content_path",
    "sidecar_line",
    "sidecar_name",
    "version_name",
    "write_inventory",
    "write_layout",
]
