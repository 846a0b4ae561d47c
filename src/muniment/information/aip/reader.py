"""Reading a package piece by piece, from wherever its bytes are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import BinaryIO, TypeAlias

from muniment.information.aip.files import from_premis
from muniment.information.aip.layout import (
    DUBLIN_CORE,
    METS,
    PREMIS,
    SUBMISSION,
    representation_folder,
)
from muniment.information.aip.model import DescribedFile, KeptRepresentation, SubmissionFile
from muniment.information.aip.root_mets import SUBMISSION_GROUP
from muniment.information.digest_names import our_name
from muniment.information.dublin_core import DublinCore, read_dublin_core
from muniment.information.mets import FileGroup, MetsFile, path_of, read_mets
from muniment.information.premis import (
    Agent,
    Event,
    File,
    IntellectualEntity,
    PremisUnit,
    Representation,
    RightsStatement,
    read_premis,
)

Opener: TypeAlias = Callable[[str], BinaryIO]
"""Opens the file at a logical path for reading."""

RepresentationUnit: TypeAlias = (
    DescribedFile | Representation | IntellectualEntity | Event | Agent | RightsStatement
)


class AipReader:
    """One version of one object. Every method reads anew, streams, and closes what it opened.

    All raise what the opener raises, and InvalidPackage for a document that cannot be read.
    """

    def __init__(self, opener: Opener) -> None:
        self._open = opener

    def dublin_core(self) -> DublinCore:
        """Return the descriptive metadata."""
        with closing(self._open(DUBLIN_CORE)) as stream:
            return read_dublin_core(stream, document=DUBLIN_CORE)

    def units(self) -> Iterator[PremisUnit]:
        """Yield the entity, its events, agents and rights, in this order."""
        with closing(self._open(PREMIS)) as stream:
            yield from read_premis(stream, document=PREMIS)

    def representation(self, name: str) -> Iterator[RepresentationUnit]:
        """Yield the representation, its files, events and agents, in this order."""
        path = representation_folder(name) + PREMIS
        with closing(self._open(path)) as stream:
            for unit in read_premis(stream, document=path):
                yield from_premis(unit) if isinstance(unit, File) else unit

    def representations(self) -> tuple[KeptRepresentation, ...]:
        """Return the representations in the order of the root METS, with their METS documents."""
        return tuple(
            KeptRepresentation(
                name=use.removeprefix("Representations/"),
                mets_size_bytes=file.size_bytes or 0,
                mets_sha512=file.checksum,
            )
            for use, file in self._root_files()
            if use.startswith("Representations/")
        )

    def submission(self) -> Iterator[SubmissionFile]:
        """Yield what the producer sent besides the content."""
        for use, file in self._root_files():
            if use == SUBMISSION_GROUP:
                yield SubmissionFile(
                    path=(path_of(file.href) or "").removeprefix(SUBMISSION),
                    size_bytes=file.size_bytes or 0,
                    digests={our_name(file.checksum_type): file.checksum},
                    mime_type=file.mime_type,
                    modified_at=file.created_at,
                )

    def _root_files(self) -> Iterator[tuple[str, MetsFile]]:
        use = ""
        with closing(self._open(METS)) as stream:
            for part in read_mets(stream, document=METS):
                if isinstance(part, FileGroup):
                    use = part.use
                elif isinstance(part, MetsFile):
                    yield use, part


def read_aip(opener: Opener) -> AipReader:
    """Return a reader of the package whose files `opener` opens by logical path."""
    return AipReader(opener)
