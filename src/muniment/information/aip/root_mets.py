"""Writing the METS of the whole package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from muniment.information.aip.layout import DUBLIN_CORE, METS, PREMIS, SUBMISSION
from muniment.information.aip.mets_parts import (
    OCTETS,
    XML,
    division,
    file_of,
    group,
    header_of,
    metadata_of,
    root_of,
    time_of,
)
from muniment.information.aip.model import AipDescription, SubmissionFile, WrittenFile
from muniment.information.aip.sink import Target
from muniment.information.identifiers import event_id, urn
from muniment.information.mets import (
    Division,
    MetsFile,
    MetsPart,
    MetsPointer,
    MetsWriter,
    SectionEnd,
    SectionStart,
    StructuralMap,
    href_of,
)

SUBMISSION_GROUP = "Submission"


@dataclass(frozen=True, slots=True, kw_only=True)
class RootFiles:
    """What the root METS points to; `representations` are their METS documents by name."""

    readme: WrittenFile
    schema: WrittenFile
    dublin_core: WrittenFile
    premis: WrittenFile
    representations: Mapping[str, WrittenFile]


def write_root_mets(description: AipDescription, files: RootFiles, target: Target) -> WrittenFile:
    """Write METS.xml; the submission's files are listed as they come."""
    has_submission = next(description.submission(), None) is not None
    with target.open(METS) as sink, MetsWriter(sink) as mets:
        mets.write_all(_before_files(description, files))
        mets.write_all(_files(description, files))
        if has_submission:
            mets.write_all(_submission(description))
        mets.write(SectionEnd("fileSec"))
        mets.write_all(_structure(description, files, has_submission=has_submission))
    return target.written[-1]


def _before_files(description: AipDescription, files: RootFiles) -> Iterator[MetsPart]:
    at = time_of(description)
    object_id = urn(description.object_id)
    label = description.dublin_core.first("title") or description.original_name or object_id
    yield root_of(description, object_id, label)
    yield header_of(description)
    yield metadata_of("dmdSec", "dublin-core", files.dublin_core, DUBLIN_CORE, at)
    yield SectionStart("amdSec", "administrative")
    yield metadata_of("digiprovMD", "premis", files.premis, PREMIS, at)
    yield SectionEnd("amdSec")


def _files(description: AipDescription, files: RootFiles) -> Iterator[MetsPart]:
    at = time_of(description)
    yield SectionStart("fileSec", "files")
    yield group("group-documentation", "Documentation")
    yield file_of(files.readme, "file-readme", "text/plain", at)
    yield SectionEnd("fileGrp")
    yield group("group-schemas", "Schemas")
    yield file_of(files.schema, "file-dc-xsd", XML, at)
    yield SectionEnd("fileGrp")
    for number, (name, mets) in enumerate(files.representations.items(), start=1):
        yield group(f"group-representation-{number}", f"Representations/{name}")
        yield file_of(mets, f"file-representation-{number}", XML, at)
        yield SectionEnd("fileGrp")


def _submission(description: AipDescription) -> Iterator[MetsPart]:
    yield group("group-submission", SUBMISSION_GROUP)
    for file in description.submission():
        yield _submission_file(description, file)
    yield SectionEnd("fileGrp")


def _submission_file(description: AipDescription, file: SubmissionFile) -> MetsFile:
    identifier = event_id(description.object_id, "submission", file.path)
    return MetsFile(
        id=f"file-{identifier}",
        href=href_of(SUBMISSION + file.path),
        mime_type=file.mime_type or OCTETS,
        size_bytes=file.size_bytes,
        created_at=file.modified_at or time_of(description),
        checksum=file.digests["sha512"],
        checksum_type="SHA-512",
    )


def _structure(
    description: AipDescription, files: RootFiles, *, has_submission: bool
) -> Iterator[MetsPart]:
    groups = {
        name: f"group-representation-{number}"
        for number, name in enumerate(files.representations, start=1)
    }
    yield StructuralMap(id="structure", type="PHYSICAL", label="CSIP")
    yield Division(id="structure-root", label=urn(description.object_id))
    yield Division(
        id="structure-metadata",
        label="Metadata",
        descriptive_ids=("dublin-core",),
        administrative_ids=("premis",),
        depth=1,
    )
    yield SectionEnd("div")
    yield from division("Documentation", "structure-documentation", "group-documentation")
    yield from division("Schemas", "structure-schemas", "group-schemas")
    if groups:
        yield from division("Representations", "structure-representations", *groups.values())
    for number, (name, mets) in enumerate(files.representations.items(), start=1):
        yield from _representation(number, name, mets, groups[name])
    if has_submission:
        yield from division("Submission", "structure-submission", "group-submission")
    yield SectionEnd("div")
    yield SectionEnd("structMap")


def _representation(number: int, name: str, mets: WrittenFile, group_id: str) -> Iterator[MetsPart]:
    label = f"Representations/{name}"
    yield Division(id=f"structure-representation-{number}", label=label, depth=1)
    # CSIP108: the title is the ID of the file group.
    yield MetsPointer(href=href_of(mets.logical_path), title=group_id, depth=1)
    yield SectionEnd("div")
