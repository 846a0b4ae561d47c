"""Runs in a process of its own, which a failpoint ends: `python -m … HOME VERSIONS OBJECT_ID`."""

from __future__ import annotations

import sys
from pathlib import Path

from muniment.information.identifiers import ObjectId
from muniment.storage.adapters.local import open_local_root
from tests.storage.staging import Bench, seal_state

STATES: tuple[dict[str, bytes], ...] = (
    {"a": b"1", "folder/b": b"2"},
    {"a": b"1", "folder/b": b"changed", "c": b""},
)
"""The states of versions 1 and 2."""


def main(home: Path, versions: int, object_id: ObjectId) -> None:
    """Seal the versions up to this number, then recover."""
    root = open_local_root(home / "storage", home / "work")
    root.initialise()
    for head, state in enumerate(STATES[:versions]):
        seal_state(root, Bench(home / "work/area", object_id), state, head=head)
    root.recover()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), ObjectId(sys.argv[3]))
