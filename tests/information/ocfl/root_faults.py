"""Ways to break a storage root: each with exactly the codes that a validator must tell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from muniment.information.ocfl import Declares
from tests.information.ocfl.builders import OBJECT_ID, an_object, declare
from tests.information.ocfl.object_faults import empty_folder, removed, stray

Break = Callable[[Path], object]
DECLARATION = "0=ocfl_1.1"


def as_declaration(name: str) -> Break:
    """Rename the declaration of the root."""
    return lambda root: (root / DECLARATION).rename(root / name)


def declared_by_a_folder(root: Path) -> None:
    """Put a folder in the declaration's place."""
    (root / DECLARATION).unlink()
    (root / DECLARATION).mkdir()


def declared_1_0(*more: Break) -> Break:
    """Declare the root 1.0, its object is 1.1."""

    def break_it(root: Path) -> None:
        (root / DECLARATION).unlink()
        declare(root, Declares.ROOT, "1.0")
        for each in more:
            each(root)

    return break_it


def linked(root: Path) -> None:
    """Link from the root to somewhere."""
    (root / "link").symlink_to("extensions")


def linked_below(root: Path) -> None:
    """Link from within the hierarchy, and from the extensions."""
    (next(root.glob("???")) / "link").symlink_to("/")
    (root / "extensions" / "link").symlink_to("/")


def misplaced(root: Path) -> None:
    """Move the object to where the layout does not expect it."""
    (next(root.glob("???/???/???"))).rename(root / "elsewhere")
    for folder in sorted(root.glob("???/**/"), reverse=True):
        folder.rmdir()


def mixed(root: Path) -> None:
    """Put one object at the top and forget about the layout."""
    (root / "ocfl_layout.json").unlink()
    an_object(root / "top", object_id="urn:x:top")


def unplaceable(root: Path) -> None:
    """Describe a layout that cannot place the id of the object."""
    described("0002-flat-direct-storage-layout")(root)
    an_object(root / "a", object_id="urn:x/y")


def described(extension: str) -> Break:
    """Name another layout."""
    text = f'{{"extension": "{extension}", "description": "x"}}'
    return stray("ocfl_layout.json", text.encode())


FAULTS: list[tuple[str, Break]] = [
    ("E069", removed(DECLARATION)),
    ("E070", stray("ocfl_layout.json", b"{")),
    ("E070", stray("ocfl_layout.json", b"[" * 100_000)),
    ("E070", stray("ocfl_layout.json", b'{"extension": 7}')),
    ("E070", stray("ocfl_layout.json", b"[]")),
    ("E071", described("our-own-layout")),
    (
        "E071",
        stray(
            "extensions/0003-hash-and-id-n-tuple-storage-layout/config.json", b'{"tupleSize": 99}'
        ),
    ),
    ("E072 E084", lambda root: stray(f"{next(root.glob('???')).name}/stray.txt")(root)),
    ("E072 E085 E088", stray("side/stray.txt")),
    ("E073", lambda root: (next(root.glob("???/???")) / "empty").mkdir()),
    ("E073 E088", empty_folder("empty")),
    ("E075", declared_by_a_folder),
    ("E076", stray("0=ocfl_1.0", b"ocfl_1.0\n")),
    ("E077", as_declaration("0ocfl_1.1")),
    ("E078", as_declaration("1=ocfl_1.1")),
    ("E079", as_declaration("0=ocfl_7")),
    ("E080", stray(DECLARATION, b"ocfl_1.1")),
    ("E081", declared_1_0()),
    ("E081 E086", declared_1_0(stray("extensions/stray.txt"))),
    ("E090", linked),
    ("E090", linked_below),
    ("E112", stray("extensions/stray.txt")),
    ("W014", misplaced),
    ("W014 W015", unplaceable),
    ("W015", mixed),
    ("W016", empty_folder("extensions/of-our-own")),
    ("", stray("README.txt")),
    ("", described("0013-a-layout-of-later-years")),
]

IDS = (OBJECT_ID,)
