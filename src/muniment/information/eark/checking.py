"""Checks a whole package: its root METS, the METS of its representations, its files and folders."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from muniment.information.dublin_core import DublinCore, read_dublin_core
from muniment.information.eark.check_header import source_of
from muniment.information.eark.document import DocumentCheck, Level
from muniment.information.eark.folders import Folders
from muniment.information.eark.notes import PACKAGE
from muniment.information.eark.recognition import METS, is_file, package_folder
from muniment.information.eark.references import Declarations, inside
from muniment.information.eark.report import EarkReport, PackageKind
from muniment.information.listing import ListedFile
from muniment.information.mets import MetadataReference
from muniment.information.premis import Identifier
from muniment.runtime.errors import InvalidPackage
from muniment.runtime.findings import Finding, code_table

MOST_LEVELS = 8
"""How deep METS documents may point to further ones; CSIP knows two levels."""


def check_sip(root: Path, files: Iterable[ListedFile]) -> EarkReport:
    """Check an E-ARK SIP 2.x; see `check_package`."""
    return check_package(root, files, PackageKind.SIP)


def check_aip(root: Path, files: Iterable[ListedFile]) -> EarkReport:
    """Check an E-ARK AIP 2.x; see `check_package`."""
    return check_package(root, files, PackageKind.AIP)


def check_package(root: Path, files: Iterable[ListedFile], kind: PackageKind) -> EarkReport:
    """Check everything of CSIP, SIP or AIP 2.2 that can be observed.

    `files` is the listing of `root`, taken in one pass, with its digests; a file is read again only
    for an algorithm that the listing lacks. Representation METS are checked too, and every href,
    size and digest. Every fault is a finding. Raises StorageUnavailable. Memory holds what METS
    says of each file.
    """
    return _PackageCheck(root, kind).run(files)


class _PackageCheck:
    def __init__(self, root: Path, kind: PackageKind) -> None:
        self._root = root
        self._kind = kind
        self._folder = package_folder(root)
        self._findings: list[Finding] = []
        self._declarations = Declarations()
        self._checked: set[str] = set()
        self._dublin_core = DublinCore()
        self._descriptions: list[str] = []

    def run(self, files: Iterable[ListedFile]) -> EarkReport:
        if self._folder is None:
            finding = code_table(PACKAGE).finding("CSIPSTR4", path=METS)
            return EarkReport(kind=self._kind, folder="", findings=(finding,), declared={})
        top = self._document(self._folder + METS, level=0)
        self._unlisted_representations(self._folder)
        folders = Folders(self._folder)
        watched = _watched(files, folders, self._folder + METS)
        self._findings += self._declarations.compare(self._root, watched)
        self._findings += folders.findings()
        return EarkReport(
            kind=self._kind,
            folder=self._folder,
            findings=tuple(self._findings),
            identifiers=_identifiers(top),
            title=top.root.label,
            dublin_core=self._dublin_core,
            descriptions=tuple(dict.fromkeys(self._descriptions)),
            declared=self._declarations.first_of_each(),
            representations=folders.representations,
        )

    def _document(self, path: str, *, level: int) -> DocumentCheck:
        self._checked.add(path)
        folder = path[: -len(posixpath.basename(path))]
        check = DocumentCheck(Level(path, is_root=level == 0, kind=self._kind))
        try:
            with closing((self._root / path).open("rb")) as stream:
                for reference in check.references(stream):
                    at = self._declarations.add(reference, folder, check.notes)
                    if at is not None and isinstance(reference, MetadataReference):
                        self._take_description(reference, at)
                        if level == 0:
                            self._note_description(reference, at)
        except InvalidPackage as exc:
            self._findings += exc.findings
        self._findings += check.notes.findings
        for pointer in check.structure.pointers:
            self._follow(pointer.href, folder, check, level)
        return check

    def _follow(self, href: str, folder: str, check: DocumentCheck, level: int) -> None:
        """Check the document that an mptr points to; a missing one is found by its file entry."""
        path = inside(folder, href)
        if path is None:
            self._findings.append(_pointer_finding("href-outside", check, href=href))
        elif not is_file(self._root / path):
            missing = code_table(PACKAGE).finding(
                "file-missing", path=path, file=path, document=check.level.path
            )
            self._findings.append(missing)
        elif path not in self._checked:
            if level + 1 >= MOST_LEVELS:
                deep = _pointer_finding("too-deep", check, document=path, limit=str(MOST_LEVELS))
                self._findings.append(deep)
            else:
                self._document(path, level=level + 1)

    def _take_description(self, reference: MetadataReference, path: str) -> None:
        """Gather Dublin Core; a description that cannot be read stays as sent, with a warning."""
        file = self._root / path
        if reference.metadata_type != "DC" or not is_file(file):
            return
        try:
            with file.open("rb") as stream:
                record = read_dublin_core(stream, document=path)
        except InvalidPackage as exc:
            self._findings += exc.findings
        else:
            self._dublin_core = self._dublin_core.merged(record)

    def _note_description(self, reference: MetadataReference, path: str) -> None:
        is_other = reference.section == "dmdSec" and reference.metadata_type != "DC"
        if is_other and is_file(self._root / path):
            self._descriptions.append(path)

    def _unlisted_representations(self, folder: str) -> None:
        """Check METS documents of representations that no mptr names."""
        representations = self._root / folder / "representations"
        if not representations.is_dir():
            return
        for name in sorted(each.name for each in representations.iterdir()):
            path = f"{folder}representations/{name}/{METS}"
            if path not in self._checked and is_file(self._root / path):
                subject = f"{folder}{METS}, structMap"
                self._findings.append(
                    code_table(PACKAGE).finding("CSIP105", path=path, subject=subject, name=name)
                )
                self._document(path, level=1)


def _watched(files: Iterable[ListedFile], folders: Folders, root_mets: str) -> Iterator[ListedFile]:
    """Show each file to `folders`; the root METS, which nothing can list, goes no further."""
    for file in files:
        folders.take(file.path)
        if file.path != root_mets:
            yield file


def _pointer_finding(code: str, check: DocumentCheck, **params: str) -> Finding:
    path = check.level.path
    return code_table(PACKAGE).finding(
        code,
        path=path,
        pointer="mptr",
        **({"subject": f"{path}, mptr"} | params),  # type: ignore[arg-type]  # texts
    )


def _identifiers(top: DocumentCheck) -> tuple[Identifier, ...]:
    if not top.root.object_id:
        return ()
    source = source_of(top.header) if top.header is not None else ""
    return (Identifier(f"mets:{source}" if source else "mets", top.root.object_id),)
