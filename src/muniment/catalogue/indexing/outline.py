"""Which parts a sealed version has that the catalogue reads: metadata only, never content."""

from __future__ import annotations

from dataclasses import dataclass

from muniment.information.aip import AipReader
from muniment.information.aip.layout import DUBLIN_CORE, PREMIS, representation_folder
from muniment.runtime.errors import CorruptObject, ObjectMissing
from muniment.storage.ports import StoredVersion


@dataclass(frozen=True, slots=True)
class Outline:
    """`representations` maps names to the SHA-512 of their premis.xml."""

    has_dublin_core: bool
    representations: dict[str, bytes]


def outline(stored: StoredVersion, reader: AipReader) -> Outline:
    """Find the parts by the root METS; raises CorruptObject where this archive made no such AIP."""
    try:
        names = [each.name for each in reader.representations()]
        stored.lookup(PREMIS)
        digests = {name: stored.lookup(representation_folder(name) + PREMIS) for name in names}
    except ObjectMissing as exc:
        raise CorruptObject(f"it is no AIP of this archive: {exc}") from exc
    return Outline(
        has_dublin_core=_has(stored, DUBLIN_CORE),
        representations={name: bytes.fromhex(digest) for name, digest in digests.items()},
    )


def _has(stored: StoredVersion, path: str) -> bool:
    try:
        stored.lookup(path)
    except ObjectMissing:
        return False
    return True
