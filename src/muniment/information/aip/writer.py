"""Writing a package: everything but the content itself, which stays where it is."""

from __future__ import annotations

from pathlib import Path

from muniment.information.aip.layout import (
    DUBLIN_CORE,
    METS,
    PREMIS,
    README,
    SCHEMA,
    representation_folder,
)
from muniment.information.aip.model import AipDescription, KeptRepresentation, WrittenFile
from muniment.information.aip.readme import readme_of
from muniment.information.aip.representation import write_representation
from muniment.information.aip.root_mets import RootFiles, write_root_mets
from muniment.information.aip.sink import Target
from muniment.information.dublin_core import SCHEMA as DUBLIN_CORE_SCHEMA
from muniment.information.dublin_core import render_dublin_core
from muniment.information.identifiers import representation_id
from muniment.information.premis import (
    IntellectualEntity,
    PremisWriter,
    Relationship,
    uuid_identifier,
)


def write_aip(description: AipDescription, target: Path) -> list[WrittenFile]:
    """Write the files of DESIGN §3 below `target` and return them with their digests.

    Each file list is read once; memory does not grow with it. Nothing is fsynced: sealing does.
    The result depends on the description alone, so writing again after a crash gives the same
    bytes. Raises NoSpace or StorageUnavailable.
    """
    writing = Target(target)
    target.mkdir(parents=True, exist_ok=True)
    representations = {
        each.name: _kept_mets(each)
        if isinstance(each, KeptRepresentation)
        else write_representation(description, each, writing)
        for each in description.representations
    }
    files = RootFiles(
        readme=writing.write(README, readme_of(description.object_id)),
        schema=writing.write(SCHEMA, DUBLIN_CORE_SCHEMA),
        dublin_core=writing.write(DUBLIN_CORE, render_dublin_core(description.dublin_core)),
        premis=_write_premis(description, writing),
        representations=representations,
    )
    write_root_mets(description, files, writing)
    return writing.written


def _kept_mets(kept: KeptRepresentation) -> WrittenFile:
    path = representation_folder(kept.name) + METS
    return WrittenFile(path, kept.mets_size_bytes, {"sha512": kept.mets_sha512})


def _write_premis(description: AipDescription, target: Target) -> WrittenFile:
    with target.open(PREMIS) as sink, PremisWriter(sink) as premis:
        premis.write(_entity(description))
        premis.write_all(description.events())
        premis.write_all(description.agents)
        premis.write_all(description.rights)
    return target.written[-1]


def _entity(description: AipDescription) -> IntellectualEntity:
    object_id = description.object_id
    represented = tuple(
        uuid_identifier(representation_id(object_id, each.name))
        for each in description.representations
    )
    relationship = Relationship("structural", "is represented by", represented)
    return IntellectualEntity(
        identifiers=(uuid_identifier(object_id), *description.identifiers),
        original_name=description.original_name,
        relationships=(relationship,) if represented else (),
    )
