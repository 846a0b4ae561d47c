"""Ways to break an object: each with exactly the codes that a validator must tell."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.information.ocfl.builders import (
    Document,
    document_at,
    md5,
    rewrite,
    sha512,
    write_bytes,
    write_document,
)

ONE, TWO = sha512(b"one"), sha512(b"two")
DECLARATION = "0=ocfl_object_1.1"
Break = Callable[[Path], object]
Change = Callable[[Document], object]


def changed(change: Change) -> Break:
    """Change the newest inventory, both copies, sidecars kept right."""
    return lambda root: rewrite(root, change)


def without_fixity(change: Change) -> Break:
    """Change the newest inventory after removing its fixity block."""

    def both(document: Document) -> None:
        document.pop("fixity", None)
        change(document)

    return changed(both)


def in_v1(change: Change) -> Break:
    """Change what the version block of v1 says."""
    return changed(lambda document: change(document["versions"]["v1"]))


def in_prior(change: Change) -> Break:
    """Change the inventory in v1 of an object with more versions."""
    return lambda root: rewrite(root, change, "v1")


def renamed(old: str, new: str) -> Break:
    """Rename a version everywhere."""

    def rename(root: Path) -> None:
        (root / old).rename(root / new)
        for folder in [root, *(each for each in root.iterdir() if each.is_dir())]:
            text = (folder / "inventory.json").read_text(encoding="utf-8")
            text = text.replace(f'"{old}"', f'"{new}"').replace(f'"{old}/', f'"{new}/')
            write_bytes(folder, text.encode())

    return rename


def padded(root: Path) -> None:
    """Rename v1 … v9 to v01 … v09."""
    for number in range(1, 10):
        if (root / f"v{number}").exists():
            renamed(f"v{number}", f"v0{number}")(root)


def without_versions(change: Change) -> Break:
    """Remove all version directories and change the root inventory."""

    def both(root: Path) -> None:
        document = document_at(root)
        for folder in root.glob("v*"):
            shutil.rmtree(folder)
        document.pop("fixity", None)
        change(document)
        write_document(root, document)

    return both


def as_declaration(name: str) -> Break:
    """Rename the declaration."""
    return lambda root: (root / DECLARATION).rename(root / name)


def declared_by_a_folder(root: Path) -> None:
    """Put a folder in the declaration's place."""
    (root / DECLARATION).unlink()
    (root / DECLARATION).mkdir()


def stray(path: str, content: bytes = b"x") -> Break:
    """Write a file that nobody asked for."""

    def write(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)

    return write


def empty_folder(path: str) -> Break:
    """Make a folder that nobody asked for."""
    return lambda root: (root / path).mkdir(parents=True)


def removed(*paths: str) -> Break:
    """Remove files or folders."""

    def remove(root: Path) -> None:
        for path in paths:
            shutil.rmtree(root / path) if (root / path).is_dir() else (root / path).unlink()

    return remove


def linked(root: Path) -> None:
    """Put a symbolic link into the content."""
    (root / "v1/content/link").symlink_to("a.txt")


def nested(root: Path) -> None:
    """Put an object into the object."""
    (root / "inner").mkdir()
    (root / "inner" / DECLARATION).write_text("ocfl_object_1.1\n")


def moved_content(root: Path) -> None:
    """Keep the content elsewhere without saying so."""
    (root / "v1/content").rename(root / "v1/other")
    changed(lambda d: d["manifest"].update({ONE: ["v1/other/a.txt"], TWO: ["v1/other/b/c.txt"]}))(
        root
    )
    changed(lambda d: d.pop("fixity"))(root)


def by_algorithm(root: Path) -> None:
    """Say sha256 and mean it."""
    text = (root / "inventory.json").read_text()
    for content in (b"one", b"two"):
        text = text.replace(sha512(content), hashlib.sha256(content).hexdigest())
    for folder in (root, root / "v1"):
        write_bytes(folder, text.replace('"sha512"', '"sha256"').encode(), "sha256")


def by_md5(root: Path) -> None:
    """Use a digest algorithm that is for fixity only."""
    text = (root / "inventory.json").read_text().replace('"sha512"', '"md5"')
    for folder in (root, root / "v1"):
        write_bytes(folder, text.encode(), "md5")


def replaced_digest(new: str) -> Break:
    """Write another digest for a.txt, in manifest and state."""

    def replace(root: Path) -> None:
        text = (root / "inventory.json").read_text().replace(ONE, new)
        for folder in (root, root / "v1"):
            write_bytes(folder, text.encode())

    return replace


def second_copy(key: str) -> Break:
    """Store `one` once more, under a manifest key of its own."""

    def write(root: Path) -> None:
        stray("v1/content/z.txt", b"one")(root)
        changed(lambda d: d["manifest"].update({key: ["v1/content/z.txt"]}))(root)

    return write


def unused(root: Path) -> None:
    """Store bytes that no version shows."""
    stray("v1/content/z.txt", b"zzz")(root)
    changed(lambda d: d["manifest"].update({sha512(b"zzz"): ["v1/content/z.txt"]}))(root)


def fixity(block: object) -> Break:
    """Replace the fixity block."""
    return changed(lambda d: d.update(fixity=block))


def forget_two(document: Document) -> None:
    """Leave a file out of an inventory that should have it."""
    document.pop("fixity")
    document["manifest"].pop(TWO)
    document["versions"]["v1"]["state"].pop(TWO)


def write_algorithm(root: Path, name: str) -> None:
    """Name a digest algorithm that can be no part of a file's name."""
    document = document_at(root)
    document["digestAlgorithm"] = name
    for folder in (root, root / "v1"):
        (folder / "inventory.json").write_text(json.dumps(document), encoding="utf-8")


def a_later_version(document: Document) -> None:
    """Let an earlier inventory know a version that the root does not."""
    document["versions"]["v2"] = document["versions"]["v3"] = document["versions"]["v1"]
    document["head"] = "v3"


def a_faulty_path_that_is_new(root: Path) -> None:
    """Let only the newest inventory have a path that cannot be."""
    without_fixity(lambda d: d["manifest"][ONE].append("v1/content/"))(root)


def piped(root: Path) -> None:
    """Put a pipe in the place of a file: it must not be opened."""
    (root / "v1/content/a.txt").unlink()
    os.mkfifo(root / "v1/content/a.txt")


A = "v1/content/a.txt"
MANIFEST = "manifest"

# Codes, separated by spaces -> how to break an object of one version.
ONE_VERSION: list[tuple[str, Break]] = [
    ("E001", stray("stray.txt")),
    ("E001", empty_folder("stray")),
    ("E001 E082", nested),
    ("E002", declared_by_a_folder),
    ("E003", removed(DECLARATION)),
    ("E003", stray("0=ocfl_object_1.0", b"ocfl_object_1.0\n")),
    ("E004", as_declaration("0ocfl_object_1.1")),
    ("E005", as_declaration("1=ocfl_object_1.1")),
    ("E006", as_declaration("0=ocfl_object_9.9")),
    ("E007", stray(DECLARATION, b"ocfl_object_1.1")),
    ("E008", without_versions(lambda d: d.update(versions={}))),
    ("E009", renamed("v1", "v2")),
    ("E014 E023", without_fixity(lambda d: d[MANIFEST].update({ONE: ["v01/content/a.txt"]}))),
    ("E015", stray("v1/stray.txt")),
    ("E016 E092 E093", removed("v1/content")),
    ("E017", changed(lambda d: d.update(contentDirectory="a/b"))),
    ("E018", changed(lambda d: d.update(contentDirectory=".."))),
    ("E021 W002", moved_content),
    ("E023", stray("v1/content/z.txt")),
    ("E024", empty_folder("v1/content/empty")),
    ("E025", by_md5),
    ("E025", lambda root: write_algorithm(root, "a/b")),
    ("E025", lambda root: write_algorithm(root, "\0")),
    ("E029 E093", fixity({"sha1": {"xyz": [A]}})),
    ("E030 E093", fixity({"sha256": {"abc": [A]}})),
    ("E031 E092", replaced_digest("g" * 128)),
    ("E032 E093", fixity({"blake2b-512": {"abc": [A]}})),
    ("E033", lambda root: write_bytes(root, b"{")),
    ("E035 E023", without_fixity(lambda d: d[MANIFEST].update({ONE: ["v1\\content\\a.txt"]}))),
    ("E036", changed(lambda d: d.pop("id"))),
    ("E036", changed(lambda d: d.pop("type"))),
    ("E036", changed(lambda d: d.pop("digestAlgorithm"))),
    ("E036", changed(lambda d: d.pop("head"))),
    ("E037", changed(lambda d: d.update(id=""))),
    ("E038", changed(lambda d: d.update(type="https://ocfl.io/1.0/spec/#inventory"))),
    ("E038", changed(lambda d: d.update(type=[1]))),
    ("E039 E092", replaced_digest(hashlib.sha256(b"one").hexdigest())),
    ("E041", without_fixity(lambda d: d.pop(MANIFEST))),
    ("E042 E023", without_fixity(lambda d: d[MANIFEST].update({ONE: ["a.txt"]}))),
    ("E043", without_versions(lambda d: d.pop("versions"))),
    ("E045", without_versions(lambda d: d.update(versions=[]))),
    ("E046", empty_folder("v7")),
    ("E047", changed(lambda d: d["versions"].update(v1="x"))),
    ("E048", in_v1(lambda v: v.pop("created"))),
    ("E048", in_v1(lambda v: v.pop("state"))),
    ("E049", in_v1(lambda v: v.update(created="2026-01-01T00:00:00"))),
    ("E049", in_v1(lambda v: v.update(created="2026-02-30T00:00:00Z"))),
    ("E049", in_v1(lambda v: v.update(created={"at": 1}))),
    ("E050", in_v1(lambda v: v["state"].update({sha512(b"?"): ["q"]}))),
    ("E050", in_v1(lambda v: v.update(state=[]))),
    ("E031 E050", in_v1(lambda v: v["state"].update({"abc": ["q"]}))),
    ("E039 E050", in_v1(lambda v: v["state"].update({"0" * 64: ["q"]}))),
    ("E050", in_v1(lambda v: v["state"].update({ONE.upper(): ["q"]}))),
    ("E050 E107", in_v1(lambda v: v["state"].update({ONE: "a.txt"}))),
    ("E052", in_v1(lambda v: v["state"].update({ONE: ["a//b"]}))),
    ("E052", in_v1(lambda v: v["state"].update({ONE: ["./a"]}))),
    ("E053", in_v1(lambda v: v["state"].update({ONE: ["/a"]}))),
    ("E053", in_v1(lambda v: v["state"].update({ONE: ["a/"]}))),
    ("E054", in_v1(lambda v: v.update(user="Ada"))),
    ("E054", in_v1(lambda v: v["user"].pop("name"))),
    ("E054", in_v1(lambda v: v["user"].update(address=7))),
    ("E056", fixity({"crc99": {}})),
    ("E057", fixity({"md5": []})),
    ("E057", fixity({"md5": {md5(b"one"): ["v1/content/nowhere"]}})),
    ("E058", removed("inventory.json.sha512")),
    ("E059", lambda root: (root / "inventory.json.sha512").rename(root / "inventory.json.md5")),
    ("E060", stray("inventory.json.sha512", f"{ONE} inventory.json\n".encode())),
    ("E061", stray("inventory.json.sha512", b"inventory.json")),
    ("E063", removed("inventory.json")),
    ("E064", lambda root: rewrite(root, lambda d: d.update(id="urn:x:y"), "v1")),
    ("E067", stray("extensions/stray.txt")),
    ("E090", linked),
    ("E092 E093", stray(A, b"ONE")),
    ("E092 E093", removed(A)),
    ("E023 E050 E092", without_fixity(lambda d: d[MANIFEST].update({ONE: A}))),
    ("E093", fixity({"md5": {md5(b"two"): [A]}})),
    ("E094", in_v1(lambda v: v.update(message=5))),
    ("E095", in_v1(lambda v: v["state"].update({ONE: ["a.txt", "a.txt"]}))),
    ("E095", in_v1(lambda v: v["state"].update({ONE: ["b"]}))),
    ("E095", in_v1(lambda v: v["state"].update({ONE: ["b", "b-c", "b\u0001"]}))),
    ("E096", second_copy(ONE.upper())),
    ("E097", fixity({"md5": {md5(b"one"): [A], md5(b"one").upper(): [A]}})),
    ("E099", without_fixity(lambda d: d[MANIFEST][ONE].append("v1/content/../x"))),
    ("E100", without_fixity(lambda d: d[MANIFEST][ONE].append("/v1/content/x"))),
    ("E101", without_fixity(lambda d: d[MANIFEST][ONE].append(A))),
    ("E102", changed(lambda d: d.update(extra=1))),
    ("E102", in_v1(lambda v: v.update(extra={"a": [1]}))),
    ("E102", in_v1(lambda v: v["user"].update(extra=1))),
    ("E001 E104", renamed("v1", "1")),
    ("E001 E105", renamed("v1", "v0")),
    ("E106", without_fixity(lambda d: d.update(manifest=[]))),
    ("E107", unused),
    ("E108", changed(lambda d: d.update(contentDirectory=""))),
    ("E108", changed(lambda d: d.update(contentDirectory=None))),
    ("E111", fixity(None)),
    ("W001", padded),
    ("W002", empty_folder("v1/other")),
    ("W004", by_algorithm),
    ("W005", changed(lambda d: d.update(id="plain"))),
    ("W007", in_v1(lambda v: v.pop("message"))),
    ("W007", in_v1(lambda v: v.pop("user"))),
    ("W008", in_v1(lambda v: v["user"].pop("address"))),
    ("W009", in_v1(lambda v: v["user"].update(address="Ada"))),
    ("W010", removed("v1/inventory.json", "v1/inventory.json.sha512")),
    ("W013", empty_folder("extensions/of-our-own")),
    ("UNREADABLE", piped),
]


def without_v2(root: Path) -> None:
    """Remove a version directory between two others."""
    shutil.rmtree(root / "v2")


def as_1_0_again(root: Path) -> None:
    """Let the second of three versions be one of an earlier specification."""
    rewrite(root, lambda d: d.update(type="https://ocfl.io/1.0/spec/#inventory"), "v2")


def other_content_directory(root: Path) -> None:
    """Set the content directory in both versions, each to something else."""
    changed(lambda d: d.update(contentDirectory="content"))(root)
    in_prior(lambda d: d.update(contentDirectory="stuff"))(root)


# How many versions, codes, how to break the object.
MORE_VERSIONS: list[tuple[int, str, Break]] = [
    (2, "E020 E042", other_content_directory),
    (3, "E010 E046", without_v2),
    (3, "E103", as_1_0_again),
    (10, "E011 E013 W001", padded),
]

# The same for an object whose second version shows the files of the first.
TWO_VERSIONS: list[tuple[str, Break]] = [
    ("E010", renamed("v2", "v3")),
    ("E012", renamed("v2", "v02")),
    ("E019", changed(lambda d: d.update(contentDirectory="content"))),
    ("E019", in_prior(lambda d: d.update(contentDirectory="content"))),
    ("E023 E066", in_prior(forget_two)),
    ("E037 E110", in_prior(lambda d: d.update(id="urn:x:y"))),
    ("E040", changed(lambda d: d.update(head="v1"))),
    ("E046", removed("v2")),
    ("E066", in_prior(lambda d: d["versions"]["v1"]["state"].update({ONE: ["other.txt"]}))),
    ("E040 E066", in_prior(a_later_version)),
    ("E100", a_faulty_path_that_is_new),
    ("W003", empty_folder("v2/content")),
    ("W010", removed("v1/inventory.json", "v1/inventory.json.sha512")),
    ("W011", in_prior(lambda d: d["versions"]["v1"].update(message="other"))),
]
