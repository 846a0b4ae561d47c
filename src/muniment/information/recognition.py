"""What kind of package was received, told by the files at its root (archive spec §1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from muniment.information import eark
from muniment.information.listing import ListedFile

_UUID_METS = r"(?:data/)?METS\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.xml"
_ARCHIVEMATICA = re.compile(_UUID_METS)
_MARK = re.compile(rf"(?:[^/]+/)?(?:bagit\.txt|data/meta/sip\.json|METS\.xml|{_UUID_METS})")
_HEAD_BYTES = 64 * 1024


class PackageForm(StrEnum):
    """The forms that are known; anything else is plain."""

    PLAIN = "plain"
    BAG = "bag"
    CERN_SIP = "cern-sip"
    EARK_SIP = "eark-sip"
    ARCHIVEMATICA = "archivematica"


@dataclass(frozen=True, slots=True)
class Recognised:
    """`top` is the single top folder that holds the package, "" when the root does."""

    form: PackageForm
    top: str = ""
    mets_uuid: str = ""
    """Of an Archivematica package: the UUID in the name of its METS."""


def recognise(root: Path, files: Iterable[ListedFile]) -> Recognised:
    """Return the form of the package at `root`; only names and the head of a METS are looked at.

    A bag is told by `bagit.txt` at the root or in the single top folder, whatever else is there.
    """
    tops: set[str] = set()
    marks: set[str] = set()
    for file in files:
        if len(tops) < 2:  # whether there is only one is all that counts
            tops.add(file.path.partition("/")[0])
        if _MARK.fullmatch(file.path):
            marks.add(file.path)
    for top in ("", *(tops if len(tops) == 1 else ())):
        found = _form_at(root, top, marks)
        if found is not None:
            return found
    return Recognised(PackageForm.PLAIN)


def _form_at(root: Path, top: str, marks: set[str]) -> Recognised | None:
    prefix = f"{top}/" if top else ""
    uuid = _mets_uuid(prefix, marks)
    if f"{prefix}bagit.txt" in marks:
        if f"{prefix}data/meta/sip.json" in marks:
            return Recognised(PackageForm.CERN_SIP, top)
        form = PackageForm.ARCHIVEMATICA if uuid else PackageForm.BAG
        return Recognised(form, top, uuid)
    if uuid:
        return Recognised(PackageForm.ARCHIVEMATICA, top, uuid)
    if f"{prefix}METS.xml" in marks and _claims_eark(root, root / top / "METS.xml"):
        return Recognised(PackageForm.EARK_SIP, top)
    return None


def _claims_eark(root: Path, mets: Path) -> bool:
    """A METS that names E-ARK is held to its rules, also when it cannot be parsed."""
    with mets.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    return eark.recognise(root) is not None or b"E-ARK" in head or b"dilcis" in head.lower()


def _mets_uuid(prefix: str, marks: set[str]) -> str:
    for path in sorted(marks):
        if path.startswith(prefix) and _ARCHIVEMATICA.fullmatch(path[len(prefix) :]):
            return path.rpartition("METS.")[2].removesuffix(".xml")
    return ""
