"""Packages of every shape, whole on disk as an exported version is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from muniment.information.aip import AipDescription, RepresentationDescription, write_aip
from muniment.information.dublin_core import DublinCore, DublinCoreValue
from muniment.information.identifiers import file_id
from tests.information.aip.builders import (
    OBJECT_ID,
    a_description,
    a_file,
    a_representation,
    a_submission_file,
    put,
)

Files = Mapping[str, bytes]
# Under the paths that receiving gives them: `%25` was `%`, `%01` a control character.
ODD: Files = {
    "Ünï/手紙 \U0001f4dc.txt": b"letter",
    "e\u0301.txt": b"decomposed",
    "a b & <c> \"d\" 'e' #f?g;h%25.txt": b"marks",
    "control%01%1B.txt": b"made safe",
    "line\nfeed\ttab.txt": b"white space",
    "x" * 255: b"long",
    "-rf": b"option",
    ".hidden/..dots": b"dots",
}


def representation(name: str, files: Files, **changes: object) -> RepresentationDescription:
    described = [
        a_file(path, content, file_id=file_id(OBJECT_ID, name, path, f"{len(content):0128x}"))
        for path, content in files.items()
    ]
    return a_representation(described, name, **changes)


def package(
    folder: Path,
    representations: Mapping[str, Files],
    submission: Files | None = None,
    **changes: object,
) -> Path:
    """Write a package with its content."""
    sent = submission or {}
    described = [a_submission_file(path, content) for path, content in sent.items()]
    description: AipDescription = a_description(
        representations=tuple(representation(*each) for each in representations.items()),
        submission=lambda: iter(described),
        **changes,
    )
    write_aip(description, folder)
    for name, files in representations.items():
        for path, content in files.items():
            put(folder, f"representations/{name}/data/{path}", content)
    for path, content in sent.items():
        put(folder, f"submission/{path}", content)
    return folder


WORDS = DublinCore((DublinCoreValue("title", "Nul \0, bell \x07 & <tags>\nin two lines", "en"),))
ONE = {"a.txt": b"a"}
SHAPES: Mapping[str, Callable[[Path], Path]] = {
    "no-files": lambda folder: package(folder, {"original": {}}),
    "one-file": lambda folder: package(folder, {"original": ONE}),
    "an-empty-file": lambda folder: package(folder, {"original": {"empty": b""}}),
    "many-files": lambda folder: package(
        folder, {"original": {f"{n % 7}/{n}.txt": b"%d" % n for n in range(250)}}
    ),
    "two-representations": lambda folder: package(
        folder, {"original": ONE, "access copies": {"a.pdf": b"pdf"}}
    ),
    "three-of-which-one-is-empty": lambda folder: package(
        folder, {"original": ONE, "preservation": {}, "dienst-exemplar.ü": ONE}
    ),
    "odd-names": lambda folder: package(folder, {"original": ODD}, ODD),
    "a-submission": lambda folder: package(
        folder, {"original": ONE}, {"bagit.txt": b"BagIt", "data/meta/sip.json": b"{}"}
    ),
    "bare": lambda folder: package(
        folder,
        {"original": ONE},
        identifiers=(),
        dublin_core=DublinCore(),
        rights=(),
        agents=(),
        events=lambda: iter(()),
    ),
    "words-that-xml-forbids": lambda folder: package(folder, {"original": ONE}, dublin_core=WORDS),
    "a-known-category": lambda folder: package(
        folder, {"original": ONE}, content_category="Mixed", other_content_category=""
    ),
}
