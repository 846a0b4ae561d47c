"""Writing one representation: its PREMIS and its METS in one pass over its files."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator

from muniment.information.aip.files import as_premis
from muniment.information.aip.layout import METS, PREMIS, representation_folder
from muniment.information.aip.mets_parts import (
    OCTETS,
    division,
    group,
    header_of,
    metadata_of,
    root_of,
    time_of,
)
from muniment.information.aip.model import (
    AipDescription,
    DescribedFile,
    RepresentationDescription,
    WrittenFile,
)
from muniment.information.aip.sink import Target
from muniment.information.identifiers import representation_id, urn
from muniment.information.mets import (
    Division,
    MetsFile,
    MetsPart,
    MetsWriter,
    SectionEnd,
    SectionStart,
    StructuralMap,
    href_of,
)
from muniment.information.mets.writer import render as render_mets
from muniment.information.premis import (
    PremisWriter,
    Relationship,
    Representation,
    uuid_identifier,
)
from muniment.runtime.durable import storage_errors

EMPTY_FOLDER = "empty folder"
_GROUP = "group-data"
_METADATA = "premis"


def write_representation(
    description: AipDescription, representation: RepresentationDescription, target: Target
) -> WrittenFile:
    """Write the two files and return the METS. Memory does not grow with the number of files."""
    folder = representation_folder(representation.name)
    at = time_of(description)
    with (
        storage_errors(str(target.folder)),
        tempfile.TemporaryFile(dir=target.folder, buffering=1 << 20) as entries,
    ):
        # METS names the digest of premis.xml before it lists the files: its entries wait here.
        has_files = False
        with target.open(folder + PREMIS) as sink, PremisWriter(sink) as premis:
            premis.write(_premis_object(description, representation))
            for file in representation.files():
                premis.write(as_premis(file))
                entries.write((render_mets(_entry(file, at)) + "\n").encode())
                has_files = True
            premis.write_all(representation.events())
            premis.write_all(representation.agents)
        premis_file = target.written[-1]
        entries.seek(0)
        with target.open(folder + METS) as sink, MetsWriter(sink) as mets:
            mets.write_all(_before_files(description, representation, premis_file))
            if has_files:
                mets.write(SectionStart("fileSec", "files"))
                mets.write(group(_GROUP, f"Representations/{representation.name}/data"))
                shutil.copyfileobj(entries, sink, 1 << 20)
                mets.write(SectionEnd("fileGrp"))
                mets.write(SectionEnd("fileSec"))
            mets.write_all(_structure(representation.name, has_files=has_files))
    return target.written[-1]


def _premis_object(
    description: AipDescription, representation: RepresentationDescription
) -> Representation:
    entity = uuid_identifier(description.object_id)
    return Representation(
        identifiers=(
            uuid_identifier(representation_id(description.object_id, representation.name)),
        ),
        significant_properties=tuple(
            (EMPTY_FOLDER, folder) for folder in representation.empty_folders
        ),
        original_name=representation.original_name,
        relationships=(Relationship("structural", "represents", (entity,)),),
    )


def _entry(file: DescribedFile, at: str) -> MetsFile:
    return MetsFile(
        id="file-" + file.file_id,
        href=href_of("data/" + file.path),
        mime_type=file.mime_type or OCTETS,
        size_bytes=file.size_bytes,
        created_at=file.modified_at or at,
        checksum=file.digests["sha512"],
        checksum_type="SHA-512",
    )


def _before_files(
    description: AipDescription, representation: RepresentationDescription, premis: WrittenFile
) -> Iterator[MetsPart]:
    object_id = urn(representation_id(description.object_id, representation.name))
    yield root_of(description, object_id, representation.name)
    yield header_of(description)
    yield SectionStart("amdSec", "administrative")
    yield metadata_of("digiprovMD", _METADATA, premis, PREMIS, time_of(description))
    yield SectionEnd("amdSec")


def _structure(name: str, *, has_files: bool) -> Iterator[MetsPart]:
    yield StructuralMap(id="structure", type="PHYSICAL", label="CSIP")
    yield Division(id="structure-root", label=name)
    yield Division(
        id="structure-metadata", label="Metadata", administrative_ids=(_METADATA,), depth=1
    )
    yield SectionEnd("div")
    if has_files:
        yield from division("Representations", "structure-data", _GROUP)
    yield SectionEnd("div")
    yield SectionEnd("structMap")
