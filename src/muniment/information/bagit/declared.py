"""Which digest algorithms a package speaks of: a hint, so that receiving computes them at once.

It is only a hint: what it misses is computed later by a second read, what it names too much costs
some time. It reads little: names of manifests, the beginning of `sip.json` and of a METS.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from muniment.information.bagit.algorithms import algorithm_named
from muniment.information.bagit.manifests import manifest_name
from muniment.information.unpacking.faults import BadArchive
from muniment.information.unpacking.form import COMPRESSION_OF, form_of
from muniment.information.unpacking.report import SourceForm
from muniment.information.unpacking.streams import ForwardStream
from muniment.information.unpacking.tar_entries import read_entries
from muniment.information.unpacking.zip_directory import read_directory
from muniment.information.unpacking.zip_end import find_directory

LOOKED_AT_BYTES = 1 << 20
LOOKED_AT_STREAM_BYTES = 16 << 20
LOOKED_AT_ENTRIES = 10_000

_CHECKSUM = re.compile(rb'"([A-Za-z0-9-]{3,12}):[0-9A-Fa-f]{8,128}"')
_CHECKSUM_TYPE = re.compile(rb'CHECKSUMTYPE="([A-Za-z0-9/-]{3,12})"')


def declared_algorithms(root: Path) -> set[str]:
    """Return the algorithms that a folder or an archive declares, by our names.

    Manifests of a bag at the root or in the single top folder, checksums of a `sip.json`,
    CHECKSUMTYPE of a METS. Reads at most the directory of a ZIP or the first 16 MiB of a tar.
    """
    try:
        form = form_of(root)
        match form:
            case SourceForm.FOLDER:
                return _of_folder(root)
            case SourceForm.FILE:
                return set()
            case SourceForm.ZIP:
                return _of_names(_zip_names(root))
            case _:
                return _of_names(_tar_names(root, COMPRESSION_OF[form]))
    except OSError:
        return set()  # receiving meets the same fault and reports it


def _of_folder(root: Path) -> set[str]:
    base = package_base(root)
    found = _of_names(path.name for path in base.iterdir())
    for name in ("data/meta/sip.json", "METS.xml"):
        if (base / name).is_file():
            with (base / name).open("rb") as stream:
                found |= _of_text(stream.read(LOOKED_AT_BYTES))
    return found


def package_base(root: Path) -> Path:
    """Return the single top folder where a package is wrapped in one, else `root`."""
    entries = []
    for entry in root.iterdir():
        entries.append(entry)
        if len(entries) > 1:
            return root
    return entries[0] if entries and entries[0].is_dir() else root


def _of_text(text: bytes) -> set[str]:
    names = {*_CHECKSUM.findall(text), *_CHECKSUM_TYPE.findall(text)}
    return {name for raw in names if (name := algorithm_named(raw.decode())) is not None}


def _of_names(names: Iterable[str]) -> set[str]:
    """Judge the names of files at the root or one folder down."""
    found = set()
    for name in names:
        split = manifest_name(name.removeprefix("./").rpartition("/")[2])
        if split and name.removeprefix("./").count("/") <= 1:
            algorithm = algorithm_named(split[1])
            found |= {algorithm} if algorithm else set()
    return found


def _zip_names(path: Path) -> Iterator[str]:
    with path.open("rb") as stream, suppress(BadArchive):
        entries = read_directory(stream.fileno(), find_directory(stream.fileno()))
        for entry in entries:
            yield entry.name.decode("utf-8", "replace")


def _tar_names(path: Path, compression: str) -> Iterator[str]:
    with path.open("rb", buffering=0) as stream, suppress(BadArchive):
        forward = ForwardStream(stream, compression)
        for entry in islice(read_entries(forward), LOOKED_AT_ENTRIES):
            if forward.tell() + entry.stored_bytes > LOOKED_AT_STREAM_BYTES:
                return
            yield entry.name.decode("utf-8", "replace")
