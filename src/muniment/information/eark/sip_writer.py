"""Writing an E-ARK SIP 2.2 from a folder: for samples, tests and producers without a tool."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from muniment.information.aip.mets_parts import UNSPECIFIED, division, file_of, group, metadata_of
from muniment.information.aip.model import WrittenFile
from muniment.information.aip.sink import DIGESTS, Target
from muniment.information.dublin_core import SCHEMA, DublinCore, render_dublin_core
from muniment.information.eark.recognition import METS
from muniment.information.identifiers import file_id, representation_id
from muniment.information.mets import (
    Division,
    MetsAgent,
    MetsFile,
    MetsHeader,
    MetsPart,
    MetsPointer,
    MetsRoot,
    MetsWriter,
    SectionEnd,
    SectionStart,
    StructuralMap,
    href_of,
)
from muniment.information.premis import (
    File,
    Fixity,
    PremisWriter,
    Representation,
    uuid_identifier,
)
from muniment.runtime.digests import digest_stream
from muniment.runtime.durable import storage_errors

SIP_PROFILE = "https://earksip.dilcis.eu/profile/E-ARK-SIP-v2-2-0.xml"
OCTETS = "application/octet-stream"
REPRESENTATION = "original"
_FOLDER = f"representations/{REPRESENTATION}/"
_PREMIS = "metadata/preservation/premis.xml"
_DUBLIN_CORE = "metadata/descriptive/dc.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SipDescription:
    """What the producer says: `package_id` is a UUID, `submitter` a name of an organisation."""

    package_id: str
    created_at: datetime
    submitter: str
    software_version: str
    dublin_core: DublinCore
    documentation: str = "A submission information package (E-ARK SIP 2.2).\n"

    @property
    def object_id(self) -> str:
        """The OBJID, and the name that the package's folder should have (CSIPSTR2)."""
        return f"uuid-{self.package_id}"

    @property
    def at(self) -> str:
        """The time as xs:dateTime."""
        return self.created_at.isoformat(timespec="seconds").replace("+00:00", "Z")


def write_sip(description: SipDescription, content: Path, target: Path) -> list[WrittenFile]:
    """Copy the files below `content` into one representation of a SIP at `target`.

    Memory does not grow with the files. Raises NoSpace or StorageUnavailable.
    """
    writing = Target(target)
    target.mkdir(parents=True, exist_ok=True)
    listed = list(_copied(content, target / _FOLDER / "data"))
    premis = _write_premis(description, listed, writing)
    representation = _write_representation(description, listed, premis, writing)
    files = {
        "Documentation": writing.write(
            "documentation/README.txt", description.documentation.encode()
        ),
        "Schemas": writing.write("schemas/dc.xsd", SCHEMA),
        f"Representations/{REPRESENTATION}": representation,
    }
    description_file = writing.write(_DUBLIN_CORE, render_dublin_core(description.dublin_core))
    _write_root(description, files, description_file, writing)
    return [*listed, *writing.written]


def _copied(content: Path, target: Path) -> Iterator[WrittenFile]:
    for source in sorted(each for each in content.rglob("*") if each.is_file()):
        path = source.relative_to(content).as_posix()
        copy = target / path
        with storage_errors(str(copy)):
            copy.parent.mkdir(parents=True, exist_ok=True)
            with source.open("rb") as stream, copy.open("wb") as out:
                digests = digest_stream(stream, DIGESTS, copy_to=out)
        yield WrittenFile(f"data/{path}", digests.size_bytes, dict(digests.by_algorithm))


def _write_premis(
    description: SipDescription, listed: list[WrittenFile], target: Target
) -> WrittenFile:
    identifier = representation_id(description.package_id, REPRESENTATION)
    with target.open(_FOLDER + _PREMIS) as sink, PremisWriter(sink) as premis:
        premis.write(Representation(identifiers=(uuid_identifier(identifier),)))
        for file in listed:
            premis.write(
                File(
                    identifiers=(uuid_identifier(_file_id(description, file)),),
                    fixity=(Fixity("SHA-256", file.digests["sha256"]),),
                    size_bytes=file.size_bytes,
                    original_name=file.logical_path.removeprefix("data/"),
                    location=file.logical_path,
                )
            )
    return target.written[-1]


def _file_id(description: SipDescription, file: WrittenFile) -> str:
    path = file.logical_path
    return file_id(description.package_id, REPRESENTATION, path, file.digests["sha512"])


def _write_representation(
    description: SipDescription, listed: list[WrittenFile], premis: WrittenFile, target: Target
) -> WrittenFile:
    with target.open(_FOLDER + METS) as sink, MetsWriter(sink) as mets:
        mets.write(_root(f"{description.object_id}-{REPRESENTATION}", REPRESENTATION))
        mets.write(_header(description))
        mets.write(SectionStart("amdSec", "administrative"))
        mets.write(metadata_of("digiprovMD", "premis", premis, _PREMIS, description.at))
        mets.write(SectionEnd("amdSec"))
        if listed:
            mets.write(SectionStart("fileSec", "files"))
            mets.write(group("group-data", f"Representations/{REPRESENTATION}/data"))
            mets.write_all(_entry(description, file) for file in listed)
            mets.write(SectionEnd("fileGrp"))
            mets.write(SectionEnd("fileSec"))
        mets.write_all(_structure_start(REPRESENTATION, ""))
        if listed:
            mets.write_all(division("Representations", "structure-data", "group-data"))
        mets.write(SectionEnd("div"))
        mets.write(SectionEnd("structMap"))
    return target.written[-1]


def _entry(description: SipDescription, file: WrittenFile) -> MetsFile:
    return MetsFile(
        id=f"file-{_file_id(description, file)}",
        href=href_of(file.logical_path),
        mime_type=OCTETS,
        size_bytes=file.size_bytes,
        created_at=description.at,
        checksum=file.digests["sha256"],
        checksum_type="SHA-256",
    )


def _write_root(
    description: SipDescription,
    files: dict[str, WrittenFile],
    dublin_core: WrittenFile,
    target: Target,
) -> None:
    groups = {use: f"group-{use.lower().replace('/', '-')}" for use in files}
    with target.open(METS) as sink, MetsWriter(sink) as mets:
        label = description.dublin_core.first("title") or description.object_id
        mets.write(_root(description.object_id, label))
        mets.write(_header(description))
        mets.write(metadata_of("dmdSec", "dublin-core", dublin_core, _DUBLIN_CORE, description.at))
        mets.write(SectionStart("fileSec", "files"))
        for use, file in files.items():
            mets.write(group(groups[use], use))
            mime_type = "text/plain" if use == "Documentation" else "application/xml"
            mets.write(file_of(file, f"file-{groups[use]}", mime_type, description.at))
            mets.write(SectionEnd("fileGrp"))
        mets.write(SectionEnd("fileSec"))
        mets.write_all(_structure_start(description.object_id, "dublin-core"))
        for use, group_id in groups.items():
            label = use.partition("/")[0]
            mets.write_all(division(label, f"structure-{label.lower()}", group_id))
        mets.write_all(_pointer(groups[f"Representations/{REPRESENTATION}"]))
        mets.write(SectionEnd("div"))
        mets.write(SectionEnd("structMap"))


def _root(object_id: str, label: str) -> MetsRoot:
    return MetsRoot(
        object_id=object_id,
        label=label,
        type="Mixed",
        content_information_type="OTHER",
        other_content_information_type=UNSPECIFIED,
        profile=SIP_PROFILE,
    )


def _header(description: SipDescription) -> MetsHeader:
    software = MetsAgent(
        role="CREATOR",
        type="OTHER",
        other_type="SOFTWARE",
        name="Muniment",
        notes=((description.software_version, "SOFTWARE VERSION"),),
    )
    submitter = MetsAgent(role="CREATOR", type="ORGANIZATION", name=description.submitter)
    return MetsHeader(
        created_at=description.at,
        modified_at=description.at,
        package_type="SIP",
        agents=(software, submitter),
    )


def _structure_start(label: str, description_id: str) -> Iterator[MetsPart]:
    yield StructuralMap(id="structure", type="PHYSICAL", label="CSIP")
    yield Division(id="structure-root", label=label)
    yield Division(
        id="structure-metadata",
        label="Metadata",
        descriptive_ids=(description_id,) if description_id else (),
        administrative_ids=() if description_id else ("premis",),
        depth=1,
    )
    yield SectionEnd("div")


def _pointer(group_id: str) -> Iterator[MetsPart]:
    label = f"Representations/{REPRESENTATION}"
    yield Division(id="structure-representation", label=label, depth=1)
    yield MetsPointer(href=href_of(_FOLDER + METS), title=group_id, depth=1)
    yield SectionEnd("div")
