"""Receives one package: a folder, a file or an archive becomes a folder of ours and a listing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

from muniment.information.unpacking.folder import receive_file, receive_folder
from muniment.information.unpacking.form import COMPRESSION_OF, form_of
from muniment.information.unpacking.intake import Intake, Progress, StopUnpacking
from muniment.information.unpacking.links import copy_linked_files
from muniment.information.unpacking.report import (
    LinkPolicy,
    SourceForm,
    UnpackLimits,
    UnpackReport,
)
from muniment.information.unpacking.tar_archive import receive_tar
from muniment.information.unpacking.tree import look_over
from muniment.information.unpacking.zip_archive import receive_zip
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.failpoints import failpoint


def receive(  # noqa: PLR0913  # the interface that the pipeline stands on
    source: Path,
    destination: Path,
    listing: Path,
    *,
    limits: UnpackLimits,
    algorithms: Collection[str],
    links: Literal["refuse", "copy"] = "refuse",
    progress: Progress | None = None,
) -> UnpackReport:
    """Copy or unpack a package into `destination`, digesting in the same pass.

    Writes one line of `listing` for each file, with sha256, sha512 and `algorithms`. Nothing
    outside `destination`, its neighbour `<name>.partial` and `listing` is written; what an earlier
    run left there is replaced, and after `kill -9` at any instant a second run gives the same.
    Every fault of the package is a finding. Raises InvalidArgument for a source that is not there,
    NoSpace, StorageUnavailable for faults of the disks. Nothing is fsynced: sealing does that.
    Source: archive spec §1.
    """
    _check_places(source, destination, listing)
    partial = destination.with_name(f"{destination.name}.partial")
    with storage_errors(f"the work area at {destination.parent}"):
        _remove(partial)
        partial.mkdir(parents=True)
        failpoint("receive.begun")
        with listing.open("wb", buffering=1 << 20) as stream:
            intake = Intake(
                partial,
                stream,
                limits=limits,
                algorithms=algorithms,
                links=LinkPolicy(links),
                progress=progress,
            )
            report = _receive(source, intake)
        failpoint("receive.listed")
        _remove(destination)
        partial.rename(destination)
        failpoint("receive.done")
    return report


def _check_places(source: Path, destination: Path, listing: Path) -> None:
    if not source.exists():
        raise InvalidArgument(f"there is nothing at {source}; check the path")
    inner, outer = destination.resolve(), source.resolve()
    if inner == outer or outer in inner.parents:
        raise InvalidArgument(f"the work area {inner} lies inside the package {outer}")
    if destination.exists() and not listing.exists() and any(destination.iterdir()):
        raise InvalidArgument(f"{destination} holds something that no receive left there")


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _receive(source: Path, intake: Intake) -> UnpackReport:
    form = form_of(source)
    empty_folders: tuple[str, ...] = ()
    try:
        _take(source, form, intake)
        copy_linked_files(intake)
        empty_folders = look_over(intake)
    except StopUnpacking:
        pass  # the finding that says why is written; what was seen so far is reported
    return UnpackReport(
        form,
        intake.file_count,
        intake.size_bytes,
        empty_folders,
        intake.all_findings(),
        intake.renamed_count,
    )


def _take(source: Path, form: SourceForm, intake: Intake) -> None:
    match form:
        case SourceForm.FOLDER:
            receive_folder(os.fsencode(source), intake)
        case SourceForm.FILE:
            receive_file(os.fsencode(source.resolve()), os.fsencode(source.name), intake)
        case SourceForm.ZIP:
            with source.open("rb") as stream, _unchanged(stream, intake):
                receive_zip(stream.fileno(), intake)
        case _:
            with source.open("rb", buffering=0) as raw, _unchanged(raw, intake):
                receive_tar(raw, COMPRESSION_OF[form], intake)


@contextmanager
def _unchanged(stream: BinaryIO, intake: Intake) -> Iterator[None]:
    """Tell when an archive is written to while it is read: a tar has no digests of its content."""
    before = os.fstat(stream.fileno())
    yield
    after = os.fstat(stream.fileno())
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        intake.fault("entry-changed")
