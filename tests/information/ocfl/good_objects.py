"""Valid objects, each with something that is allowed and odd: what a validator may warn of."""

from __future__ import annotations

import hashlib
from pathlib import Path

from muniment.information.ocfl import Declares
from tests.information.ocfl.builders import (
    Document,
    declare,
    document_at,
    md5,
    sha512,
    write_bytes,
    write_document,
)
from tests.information.ocfl.object_faults import (
    Break,
    by_algorithm,
    changed,
    empty_folder,
    in_v1,
    removed,
    stray,
)

A = "v1/content/a.txt"
ONE, TWO = sha512(b"one"), sha512(b"two")
SHA256 = {content: hashlib.sha256(content).hexdigest() for content in (b"one", b"two")}


def as_1_0(root: Path) -> None:
    """Make it an object of OCFL 1.0."""
    removed("0=ocfl_object_1.1")(root)
    declare(root, Declares.OBJECT, "1.0")
    for place in (root, *root.glob("v*/")):
        rewrite_at(place, lambda d: d.update(type="https://ocfl.io/1.0/spec/#inventory"))


def rewrite_at(place: Path, change: object) -> None:
    """Change one inventory and nothing else."""
    assert callable(change)
    document = document_at(place)
    change(document)
    write_document(place, document)


def upgraded(root: Path) -> None:
    """Let the first version be one of OCFL 1.0."""
    rewrite_at(root / "v1", lambda d: d.update(type="https://ocfl.io/1.0/spec/#inventory"))


def renamed_content(root: Path) -> None:
    """Keep the content elsewhere and say so, in every version."""
    for version in root.glob("v*/"):
        if (version / "content").exists():
            (version / "content").rename(version / "data")
    for place in (root, *root.glob("v*/")):
        text = (place / "inventory.json").read_text().replace("/content/", "/data/")
        write_bytes(place, text.replace("{", '{"contentDirectory": "data",', 1).encode())


def in_capitals(root: Path) -> None:
    """Write every digest in capitals."""
    for place in (root, root / "v1"):
        text = (place / "inventory.json").read_text()
        for digest in (ONE, TWO, md5(b"one"), md5(b"two")):
            text = text.replace(digest, digest.upper())
        write_bytes(place, text.encode())


def every_fixity(document: Document) -> None:
    """Give every digest that the specification and its extensions name."""
    blake = {
        f"blake2b-{bits}": hashlib.blake2b(b"one", digest_size=bits // 8).hexdigest()
        for bits in (160, 256, 384, 512)
    }
    others = {name: hashlib.new(name, b"one").hexdigest() for name in ("md5", "sha1", "sha256")}
    truncated = {"sha512/256": hashlib.new("sha512_256", b"one").hexdigest(), "sha512": ONE}
    document["fixity"] = {name: {d: [A]} for name, d in {**blake, **others, **truncated}.items()}


def padded_to_three(root: Path) -> None:
    """Number the versions 001 and 002."""
    for number in (1, 2):
        (root / f"v{number}").rename(root / f"v00{number}")
    for place in (root, *root.glob("v*/")):
        text = (place / "inventory.json").read_text()
        for number in (1, 2):
            text = text.replace(f'"v{number}"', f'"v00{number}"').replace(
                f'"v{number}/', f'"v00{number}/'
            )
        write_bytes(place, text.encode())


def another_algorithm(root: Path) -> None:
    """Let the first version have SHA-256, as before a change of algorithm."""
    text = (root / "v1/inventory.json").read_text()
    for content, digest in SHA256.items():
        text = text.replace(sha512(content), digest)
    write_bytes(root / "v1", text.replace('"sha512"', '"sha256"').encode(), "sha256")


def created(text: str) -> Break:
    """Say when v1 was made, in the newest inventory and in its own."""

    def write(root: Path) -> None:
        for place in (root, *root.glob("v*/")):
            rewrite_at(place, lambda d: d["versions"]["v1"].update(created=text))

    return write


def nothing_stored(root: Path) -> None:
    """Let the second version have no content directory, for it brought nothing."""
    assert not (root / "v2/content").exists()


Good = tuple[int, str, str, Break]
"""How many versions, what is allowed, warnings separated by spaces, what is done to an object."""

GOOD: list[Good] = [
    (2, "a version that stores nothing", "", nothing_stored),
    (2, "OCFL 1.0", "", as_1_0),
    (2, "an upgrade from 1.0 to 1.1", "", upgraded),
    (2, "a content directory of another name", "", renamed_content),
    (2, "a change of algorithm", "W004", another_algorithm),
    (2, "zero padding", "W001", padded_to_three),
    (2, "logs", "", stray("logs/2026/01.txt")),
    (2, "empty logs", "", empty_folder("logs")),
    (2, "empty extensions", "", empty_folder("extensions")),
    (2, "an extension", "", stray("extensions/0005-mutable-head/config.json", b"{}")),
    (2, "an extension of our own", "W013", empty_folder("extensions/of-our-own")),
    (2, "a time in whole seconds", "", created("2026-01-01T00:00:00Z")),
    (2, "a time in nanoseconds", "", created("2026-01-01T00:00:00.123456789+05:30")),
    (2, "a leap second", "", created("2016-12-31T23:59:60Z")),
    (2, "a time in lower case", "", created("2026-01-01t00:00:00z")),
    (2, "no fixity", "", changed(lambda d: d.pop("fixity"))),
    (2, "empty fixity", "", changed(lambda d: d.update(fixity={}))),
    (2, "an empty block of fixity", "", changed(lambda d: d.update(fixity={"md5": {}}))),
    (2, "fixity by every algorithm", "", changed(every_fixity)),
    (2, "no first inventory", "W010", removed("v1/inventory.json", "v1/inventory.json.sha512")),
    (2, "no second inventory", "W010", removed("v2/inventory.json", "v2/inventory.json.sha512")),
    (2, "a folder beside the content", "W002", empty_folder("v1/other")),
    (2, "empty content", "W003", empty_folder("v2/content")),
    (1, "capitals", "", in_capitals),
    (1, "SHA-256", "W004", by_algorithm),
    (1, "an id without scheme", "W005", changed(lambda d: d.update(id="no scheme"))),
    (1, "no message", "W007", in_v1(lambda v: v.pop("message"))),
    (1, "an empty message", "", in_v1(lambda v: v.update(message=""))),
    (1, "no user", "W007", in_v1(lambda v: v.pop("user"))),
    (1, "no address", "W008", in_v1(lambda v: v["user"].pop("address"))),
    (1, "an address without scheme", "W009", in_v1(lambda v: v["user"].update(address="here"))),
]

REFUSED_BY_THE_JUDGE = {
    # RFC 3339 §5.6 has all of these; and the specification's own table lists SHA-512 for fixity.
    "a leap second",
    "a time in lower case",
    "fixity by every algorithm",
}
