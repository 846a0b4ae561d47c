"""Validation of OCFL objects and storage roots by the codes of OCFL 1.0 and 1.1.

    report = validate(Path("storage"))          # an object or a whole root, as it declares itself
    report.is_valid, report.findings

Codes, clauses and texts in two languages are in `codes.toml`. Everything is told, not only the
first fault; nothing is raised for what the bytes say. Memory does not grow with the files.
"""

from __future__ import annotations

import os
from pathlib import Path

from muniment.information.ocfl.layouts import find_objects
from muniment.information.ocfl.types import INVENTORY
from muniment.information.ocfl.validation.codes import NOT_OBSERVABLE, ONLY_1_0, ONLY_1_1, TABLE
from muniment.information.ocfl.validation.content import Reading
from muniment.information.ocfl.validation.log import FindingLog
from muniment.information.ocfl.validation.object import check_object
from muniment.information.ocfl.validation.report import ValidationReport
from muniment.information.ocfl.validation.storage_root import check_root, is_storage_root
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import InvalidArgument

__all__ = [
    "NOT_OBSERVABLE",
    "ONLY_1_0",
    "ONLY_1_1",
    "TABLE",
    "ValidationReport",
    "validate",
    "validate_object",
    "validate_root",
]


def validate_object(
    folder: Path, *, quick: bool = False, workers: int | None = None
) -> ValidationReport:
    """Validate one object; `quick` leaves the content's digests out.

    `workers` is the number of processes that compute digests, by default one for each core.
    Raises InvalidArgument when there is no such folder.
    """
    _require_folder(folder)
    log = FindingLog()
    check_object(folder, log, Reading(quick, workers))
    return ValidationReport(log.all_findings())


def validate_root(
    folder: Path, *, quick: bool = False, workers: int | None = None
) -> ValidationReport:
    """Validate a storage root and every object in it; see `validate_object`."""
    _require_folder(folder)
    log = FindingLog()
    count = check_root(folder, log, Reading(quick, workers))
    return ValidationReport(log.all_findings(), count)


def validate(folder: Path, *, quick: bool = False, workers: int | None = None) -> ValidationReport:
    """Validate what the folder declares itself to be: a storage root, or else an object."""
    _require_folder(folder)
    with storage_errors(str(folder)):
        names = os.listdir(folder)  # noqa: PTH208  # names are all we need
    if is_storage_root(names) or _holds_objects(folder, names):
        return validate_root(folder, quick=quick, workers=workers)
    return validate_object(folder, quick=quick, workers=workers)


def _holds_objects(folder: Path, names: list[str]) -> bool:
    """A folder without a declaration of its own that leads to objects is a root that lacks one."""
    if INVENTORY in names or any(name.startswith("0=") for name in names):
        return False
    return next(find_objects(folder), None) is not None


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise InvalidArgument(f"{folder} is not a folder; give an OCFL object or storage root")
