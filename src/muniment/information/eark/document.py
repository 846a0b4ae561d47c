"""Checks one METS document in one pass and collects what it points to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from muniment.information.eark.check_files import check_file, check_file_group, check_metadata
from muniment.information.eark.check_header import check_header, check_root
from muniment.information.eark.check_structure import StructureCheck
from muniment.information.eark.notes import Notes
from muniment.information.eark.report import PackageKind
from muniment.information.mets import (
    Division,
    FileGroup,
    FilePointer,
    MetadataReference,
    MetsFile,
    MetsHeader,
    MetsPart,
    MetsPointer,
    MetsRoot,
    SectionEnd,
    SectionStart,
    StructuralMap,
    read_mets,
)


@dataclass(frozen=True, slots=True)
class Level:
    """Which document it is: `path` in the package, the root one or that of a representation."""

    path: str
    is_root: bool
    kind: PackageKind


class DocumentCheck:
    """One METS document. `references` streams; afterwards root, header and pointers are known."""

    def __init__(self, level: Level) -> None:
        self.level = level
        self.notes = Notes(level.path)
        self.root = MetsRoot(object_id="")
        self.header: MetsHeader | None = None
        self.structure = StructureCheck(self.notes)
        self._ids: set[str] = set()
        self._sections: set[str] = set()
        self._metadata: list[MetadataReference] = []
        self._administrative_id = ""
        self._uses: set[str] = set()
        self._group: FileGroup | None = None
        self._files_in_group = 0

    def references(self, stream: BinaryIO) -> Iterator[MetsFile | MetadataReference]:
        """Read and check the document; yield each file and metadata file that it lists.

        Raises InvalidPackage for what is not METS or not well-formed.
        """
        for part in read_mets(stream, document=self.level.path):
            self._check(part)
            if isinstance(part, MetsFile):
                if part.href:
                    yield part
            elif isinstance(part, MetadataReference) and part.href:
                yield part
        self._finish()

    def _check(self, part: MetsPart) -> None:
        match part:
            case MetsFile():
                self._know(part.id, "file")
                self._files_in_group += 1
                check_file(part, self.notes)
            case MetsRoot():
                self.root = part
                check_root(part, self.level.kind, self.notes)
            case MetsHeader():
                self.header = part
                if self.level.is_root:
                    check_header(part, self.level.kind, self.notes)
            case MetadataReference():
                self._know(part.id, part.section)
                self._metadata.append(part)
                check_metadata(part, self.notes)
            case SectionStart():
                self._section(part)
            case FileGroup():
                self._start_group(part)
            case SectionEnd():
                self._end(part.name)
            case _:
                self._structure(part)

    def _structure(self, part: StructuralMap | Division | FilePointer | MetsPointer) -> None:
        match part:
            case StructuralMap():
                self._know(part.id, "structMap")
                self.structure.start_map(part)
            case Division():
                self._know(part.id, "div")
                self.structure.start_division(part)
            case FilePointer():
                self.structure.file_pointer(part)
            case _:
                self.structure.mets_pointer(part)

    def _know(self, identifier: str, where: str) -> None:
        if identifier in self._ids:
            self.notes.add("id-repeated", where, id=identifier)
        elif identifier:
            self._ids.add(identifier)

    def _section(self, part: SectionStart) -> None:
        self._know(part.id, part.name)
        self._sections.add(part.name)
        if part.name == "amdSec":
            self._administrative_id = part.id
        else:
            self.notes.require(part.id, "CSIP59", "fileSec")

    def _start_group(self, part: FileGroup) -> None:
        self._know(part.id, "fileGrp")
        check_file_group(part, self.notes)
        if part.depth == 0:
            self._uses.add(part.use)
            self._group, self._files_in_group = part, 0

    def _end(self, name: str) -> None:
        if name == "div":
            self.structure.end_division()
        elif name == "structMap":
            self.structure.end_map()
        elif name == "fileGrp" and self._group is not None:
            at = f"fileGrp {self._group.id}".strip()
            self.notes.require(self._files_in_group, "CSIP66", at)
            self._group = None

    def _finish(self) -> None:
        require, sections = self.notes.require, {each.section for each in self._metadata}
        require(self.header is not None, "CSIP117")
        require("amdSec" in self._sections, "CSIP31")
        require("digiprovMD" in sections, "CSIP32")
        if self.level.is_root:
            require("dmdSec" in sections, "CSIP17")
            require("fileSec" in self._sections, "CSIP58")
            self._finish_groups()
            if self.level.kind is PackageKind.AIP:
                self._finish_provenance()
        self.structure.finish_metadata(self._metadata, self._administrative_id)
        self.structure.finish(self._uses, is_root=self.level.is_root)
        for identifier in self.structure.file_ids:
            require(identifier in self._ids, "id-dangling", "fptr", id=identifier)

    def _finish_groups(self) -> None:
        if "fileSec" in self._sections:
            require = self.notes.require
            require("Documentation" in self._uses, "CSIP60", "fileSec")
            require("Schemas" in self._uses, "CSIP113", "fileSec")
            has_content = any(use.startswith("Representations") for use in self._uses)
            require(has_content, "CSIP114", "fileSec")

    def _finish_provenance(self) -> None:
        provenance = [
            each for each in self._metadata if each.section == "digiprovMD" and each.is_reference
        ]
        self.notes.require(provenance, "AIPM5")
        if provenance:
            is_premis = any(each.metadata_type.startswith("PREMIS") for each in provenance)
            self.notes.require(is_premis, "AIPM6")
