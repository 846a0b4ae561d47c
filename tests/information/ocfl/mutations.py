"""All ways to remove or replace one member of an inventory."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

from tests.information.ocfl.builders import Document, an_object, document_at, write_document

REPLACEMENTS: dict[str, object] = {
    "null": None,
    "list": [],
    "object": {},
    "empty": "",
    "number": 7,
    "text": "x",
}
FILES = {"a.txt": b"one", "b/c.txt": b"two"}


def pointers(value: object, prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Iterate over the ways to every member of a document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*prefix, key)
            yield from pointers(inner, (*prefix, key))


def mutants(document: Document) -> Iterator[tuple[str, Document]]:
    """Iterate over (what was done, changed document)."""
    for pointer in pointers(document):
        name = "_".join(part[:8] for part in pointer)
        for kind in ("gone", *REPLACEMENTS):
            changed = copy.deepcopy(document)
            parent = changed
            for part in pointer[:-1]:
                parent = parent[part]
            if kind == "gone":
                del parent[pointer[-1]]
            else:
                parent[pointer[-1]] = REPLACEMENTS[kind]
            yield f"{name}.{kind}", changed


def mutated_objects(folder: Path) -> list[Path]:
    """Write one object for each mutation of a good inventory of two versions."""
    document = document_at(an_object(folder.with_name("good"), [FILES, FILES]))
    made: list[Path] = []
    for name, changed in mutants(document):
        root = an_object(folder / name, [FILES, FILES])
        for place in (root, root / "v2"):
            write_document(place, changed)
        made.append(root)
    return made
