"""Tells an E-ARK package by its METS.xml (archive spec §1)."""

from __future__ import annotations

import stat
from pathlib import Path

from muniment.information.eark.report import PackageKind
from muniment.information.mets import MetsHeader, MetsRoot, read_mets
from muniment.runtime.errors import InvalidPackage

METS = "METS.xml"


def is_file(path: Path) -> bool:
    """Say whether a regular file is there; a name that no file system takes is none."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def package_folder(root: Path) -> str | None:
    """Return the folder that holds METS.xml: "" for the root, `<name>/` for its single folder."""
    if is_file(root / METS):
        return ""
    entries = list(root.iterdir()) if root.is_dir() else []
    if len(entries) == 1 and is_file(entries[0] / METS):
        return entries[0].name + "/"
    return None


def recognise(root: Path) -> PackageKind | None:
    """Return what the package at `root` claims to be; None for what is no E-ARK package.

    Only the beginning of METS.xml is read. A METS.xml that cannot be read is no claim.
    """
    folder = package_folder(root)
    if folder is None:
        return None
    profile = package_type = ""
    try:
        with (root / folder / METS).open("rb") as stream:
            for part in read_mets(stream, document=METS):
                if isinstance(part, MetsRoot):
                    profile = part.profile
                elif isinstance(part, MetsHeader):
                    package_type = part.package_type
                else:
                    break
    except InvalidPackage:
        return None
    return _kind_of(profile, package_type)


def _kind_of(profile: str, package_type: str) -> PackageKind | None:
    if not package_type and "E-ARK" not in profile:
        return None
    if package_type == "SIP" or (not package_type and "E-ARK-SIP" in profile):
        return PackageKind.SIP
    if package_type == "AIP" or (not package_type and "E-ARK-AIP" in profile):
        return PackageKind.AIP
    return PackageKind.GENERIC
