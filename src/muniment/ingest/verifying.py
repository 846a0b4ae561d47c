"""What each kind of package is held to, and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import assert_never

from muniment.information import eark
from muniment.information.bagit.report import BagReport
from muniment.information.bagit.validation import check_listed
from muniment.information.cern_sip import check_cern_sip
from muniment.information.dublin_core import (
    DublinCore,
    DublinCoreValue,
    read_dc_csv,
    read_dublin_core,
)
from muniment.information.premis import Identifier
from muniment.information.recognition import PackageForm, Recognised, recognise
from muniment.ingest.area import WorkArea
from muniment.ingest.layout import Layout
from muniment.ingest.mapping import documents_beside, with_mapped
from muniment.ingest.package_facts import PackageFacts
from muniment.runtime.errors import InvalidPackage
from muniment.runtime.findings import Finding, code_table

_CODES = code_table("muniment.ingest")
_DESCRIPTIONS = ("metadata/dc.csv", "metadata/dublincore.xml")
_FROM_BAG_INFO = {
    "External-Description": "description",
    "Source-Organization": "publisher",
    "External-Identifier": "identifier",
}


@dataclass(frozen=True, slots=True)
class _Package:
    area: WorkArea
    name: str
    empty_folders: tuple[str, ...]

    @property
    def root(self) -> Path:
        return self.area.package


def verify_package(area: WorkArea, source_path: str) -> tuple[PackageFacts, Iterable[Finding]]:
    """Recognise and check the package in the work area; nothing is read twice."""
    package = _Package(area, name_of(source_path), tuple(_empty_folders(area)))
    recognised = recognise(area.package, area.files())
    match recognised.form:
        case PackageForm.BAG:
            return _verify_bag(package, recognised.top)
        case PackageForm.CERN_SIP:
            return _verify_cern_sip(package, recognised.top)
        case PackageForm.EARK_SIP:
            return _verify_eark(package)
        case PackageForm.ARCHIVEMATICA:
            return _verify_archivematica(package, recognised)
        case PackageForm.PLAIN:
            return _verify_plain(package)
        case _:
            assert_never(recognised.form)


def _empty_folders(area: WorkArea) -> Iterator[str]:
    """Yield the folders that came empty and were not filled by what was fetched."""
    came: Iterable[str] = area.read_document("unpacked").get("empty_folders", ())
    for folder in came:
        if not (area.fetched.exists() and any((area.package / folder).iterdir())):
            yield folder


def _verify_plain(package: _Package) -> tuple[PackageFacts, Iterable[Finding]]:
    dublin_core, findings = DublinCore(), list[Finding]()
    for name in _DESCRIPTIONS:
        file = package.root / name
        if not file.is_file() or file.is_symlink():
            continue
        try:
            with file.open("rb") as stream:
                if name.endswith(".csv"):
                    described, said = read_dc_csv(stream, document=name)
                    findings += said
                else:
                    described = read_dublin_core(stream, document=name)
        except InvalidPackage as exc:
            findings += exc.findings
            continue
        dublin_core = dublin_core.merged(described)
    facts = PackageFacts(
        layout=Layout.PLAIN,
        top="",
        name=package.name,
        dublin_core=dublin_core,
        empty_folders=package.empty_folders,
    )
    documents = documents_beside(package.root, ("metadata",), content="")
    facts, unmapped = with_mapped(facts, package.root, documents)
    return facts, [*findings, *unmapped]


def _verify_bag(package: _Package, top: str) -> tuple[PackageFacts, Iterable[Finding]]:
    report = check_listed(package.root, package.area.files(), base=top)
    values = tuple(
        DublinCoreValue(term, value)
        for label, term in _FROM_BAG_INFO.items()
        for value in report.values(label)
    )
    facts = PackageFacts(
        layout=Layout.BAG,
        top=top,
        name=top or package.name,
        identifiers=tuple(_bag_identifiers(report)),
        empty_folders=package.empty_folders,
    )
    within = f"{top}/" if top else ""
    folders = (top, f"{within}metadata", f"{within}data/metadata")
    documents = documents_beside(package.root, folders, content=f"{within}data")
    facts, unmapped = with_mapped(facts, package.root, documents, before=DublinCore(values))
    return facts, (*report.findings, *unmapped)


def _bag_identifiers(report: BagReport) -> Iterable[Identifier]:
    """An External-Identifier is unique within its Source-Organization, so it needs one."""
    sources = report.values("Source-Organization")
    if sources:
        for value in report.values("External-Identifier"):
            yield Identifier(f"bag:{sources[0]}", value)


def _verify_archivematica(
    package: _Package, recognised: Recognised
) -> tuple[PackageFacts, Iterable[Finding]]:
    """Take an unpacked AIP of Archivematica as the bag that it is; its UUID names the object."""
    is_bag = (package.root / recognised.top / "bagit.txt").is_file()
    verify = partial(_verify_bag, top=recognised.top) if is_bag else _verify_plain
    facts, findings = verify(package)
    known = Identifier("archivematica-aip", recognised.mets_uuid)
    return replace(facts, identifiers=(known, *facts.identifiers)), findings


def _verify_cern_sip(package: _Package, top: str) -> tuple[PackageFacts, Iterable[Finding]]:
    report = check_cern_sip(package.root, package.area.files(), base=top)
    findings = report.findings
    if any(each.code == "fetch-absent" for each in findings):
        findings = (*findings, _CODES.finding("fetch-incomplete", path="fetch.txt"))
    facts = PackageFacts(
        layout=Layout.CERN_SIP,
        top=top,
        name=top or package.name,
        identifiers=report.identifiers,
        dublin_core=report.dublin_core,
        empty_folders=package.empty_folders,
    )
    facts, unmapped = with_mapped(facts, package.root, iter(report.descriptions))
    return facts, (*findings, *unmapped)


def _verify_eark(package: _Package) -> tuple[PackageFacts, Iterable[Finding]]:
    report = eark.check_sip(package.root, package.area.files())
    top = report.folder.rstrip("/")
    facts = PackageFacts(
        layout=Layout.EARK_SIP,
        top=top,
        name=top or package.name,
        identifiers=report.identifiers,
        dublin_core=report.dublin_core,
        empty_folders=package.empty_folders,
    )
    label = DublinCore((DublinCoreValue("title", report.title),) if report.title else ())
    documents = iter(report.descriptions)
    facts, unmapped = with_mapped(facts, package.root, documents)
    # The label of a METS is a title where no description has one.
    facts = replace(facts, mapped=facts.mapped.completed(label))
    return facts, (*report.findings, *unmapped)


def name_of(source_path: str) -> str:
    """Return what a package is called: the last part of where it came from, without its suffix."""
    name = source_path.rstrip("/").rpartition("/")[2]
    for suffix in (".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tgz", ".tar", ".zip"):
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name
