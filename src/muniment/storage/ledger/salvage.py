"""The days of a month whose object nobody can open any more, found by their names alone.

Every record carries its own digest and that of the one before: it is sound or not whatever the
inventory says, or fails to say.
"""

from __future__ import annotations

from pathlib import Path

from muniment.information.identifiers import ObjectId
from muniment.storage.ledger.days import is_sealed_name, order_of
from muniment.storage.ports import StorageRoot


def salvaged_files(root: StorageRoot, object_id: ObjectId) -> list[Path]:
    """Return the files of days that lie in the folder of a ledger object, the oldest first."""
    found = root.path_of(object_id).glob("v*/content/records/*.jsonl")
    files = (path for path in found if path.is_file() and not path.is_symlink())
    named = [path for path in files if is_sealed_name(path.name)]
    return sorted(named, key=lambda path: order_of(path.name))
