"""E-ARK packages (CSIP, SIP and AIP 2.2): told, checked and, for samples, written."""

from __future__ import annotations

from muniment.information.eark.checking import check_aip, check_package, check_sip
from muniment.information.eark.recognition import package_folder, recognise
from muniment.information.eark.report import DeclaredFile, EarkReport, PackageKind
from muniment.information.eark.sip_writer import SipDescription, write_sip

__all__ = [
    "DeclaredFile",
    "EarkReport",
    "PackageKind",
    "SipDescription",
    "check_aip",
    "check_package",
    "check_sip",
    "package_folder",
    "recognise",
    "write_sip",
]
