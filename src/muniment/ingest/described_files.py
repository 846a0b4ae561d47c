"""The files of a package as the archival package describes them, from the lists of the steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

from muniment.formats.examination import Examination, Validity
from muniment.formats.identification import Identification
from muniment.information.aip import DescribedFile, SubmissionFile
from muniment.information.event_types import EventType
from muniment.information.identifiers import file_id
from muniment.information.listing import ListedFile
from muniment.ingest.area import WorkArea, read_rows
from muniment.ingest.layout import Place, place_of
from muniment.ingest.package_facts import PackageFacts
from muniment.ingest.provenance import FileRemark
from muniment.runtime.findings import Severity

_NOTHING = Identification()


@dataclass(frozen=True, slots=True)
class PackageFiles:
    """Walks the lists side by side; each call reads them anew, none holds them."""

    area: WorkArea
    facts: PackageFacts
    object_id: str

    def representations(self) -> tuple[str, ...]:
        """Return the names of the representations, in the order of the listing."""
        places = (self._place(file).representation for file in self.area.files())
        return tuple(dict.fromkeys(name for name in places if name is not None))

    def described(self, representation: str) -> Iterator[DescribedFile]:
        """Yield the files of one representation."""
        for file, identification, examination in self._rows():
            place = self._place(file)
            if place.representation == representation:
                yield self._describe(file, place.path, representation, identification, examination)

    def submission(self) -> Iterator[SubmissionFile]:
        """Yield what came besides the content."""
        for file, identification, _ in self._rows():
            place = self._place(file)
            if place.representation is None:
                yield SubmissionFile(
                    path=place.path,
                    size_bytes=file.size_bytes,
                    digests=file.digests,
                    mime_type=identification.mime_type,
                    modified_at=file.modified_at or "",
                )

    def remarks(self, representation: str) -> Iterator[FileRemark]:
        """Yield what must be told of single files: doubtful formats, files that are not valid."""
        for file, identification, examination in self._rows():
            place = self._place(file)
            if place.representation != representation:
                continue
            name = self._file_id(file, representation, place.path)
            if doubts := _doubts(identification):
                yield FileRemark(name, EventType.FORMAT_IDENTIFICATION, "warning", doubts)
            if examination is not None and examination.validity in _NOT_WELL:
                yield FileRemark(name, EventType.VALIDATION, "failure", _faults(examination))

    def _rows(self) -> Iterator[tuple[ListedFile, Identification, Examination | None]]:
        area = self.area
        found = read_rows(area.identification, Identification.from_json)
        seen = read_rows(area.examination, Examination.from_json)
        return zip(
            area.files(),
            found if area.identification.exists() else repeat(_NOTHING),
            seen if area.examination.exists() else repeat(None),
            strict=False,
        )

    def _place(self, file: ListedFile) -> Place:
        return place_of(file, self.facts.layout, self.facts.top)

    def _file_id(self, file: ListedFile, representation: str, path: str) -> str:
        return file_id(self.object_id, representation, path, file.digests["sha512"])

    def _describe(
        self,
        file: ListedFile,
        path: str,
        representation: str,
        identification: Identification,
        examination: Examination | None,
    ) -> DescribedFile:
        original = file.original_name
        return DescribedFile(
            path=path,
            file_id=self._file_id(file, representation, path),
            size_bytes=file.size_bytes,
            digests=file.digests,
            original_name="" if original == file.path else original,
            mime_type=identification.mime_type,
            puid=identification.puid,
            format_name=identification.format_name,
            format_version=identification.format_version,
            basis=identification.basis,
            warnings=identification.warnings,
            validity=examination.validity if examination else "",
            properties=examination.properties if examination else {},
            modified_at=file.modified_at or "",
        )


_NOT_WELL = frozenset({Validity.INVALID, Validity.FAILED})


def _doubts(identification: Identification) -> str:
    reasons = list(identification.warnings)
    if identification.error:
        reasons.insert(0, identification.error)
    return "; ".join(reasons)


def _faults(examination: Examination) -> str:
    faults = [each.message for each in examination.findings if each.severity is not Severity.INFO]
    return "; ".join(faults) or examination.validity
