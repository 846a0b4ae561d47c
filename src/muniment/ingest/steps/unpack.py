"""Copy or extract the package into the work area, digesting every file in the same read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from muniment.information.event_types import EventType
from muniment.information.paths import encode_name
from muniment.information.unpacking import SourceForm, UnpackLimits, UnpackReport
from muniment.ingest.step import FurtherEvent, Step, StepContext, StepResult
from muniment.ingest.steps.receive import source_of
from muniment.runtime.contained import Limits, run_contained
from muniment.runtime.settings import settings

_BASE_S = 600.0
_SLOWEST_BYTES_PER_S = 1 << 20
_MEMORY_BYTES = 2 << 30
_CHOICES = ("refuse", "copy")


@dataclass(frozen=True, slots=True)
class UnpackParameters:
    """What to do with symbolic links that stay inside the package: `refuse` or `copy`."""

    links: str = field(default="refuse", metadata={"choices": _CHOICES})

    def __post_init__(self) -> None:
        if self.links not in _CHOICES:
            raise ValueError("links is refuse or copy")


class Unpack(Step):
    """Extraction, digests and listing are one pass, in a contained process."""

    name = "unpack"
    title = _("Unpack")
    about = _("Opens zip and tar safely, copies every file, computes all digests in one read.")
    event_type = EventType.MESSAGE_DIGEST_CALCULATION
    passed = _("Every file was copied and its digests were calculated in the same read.")
    failed = _("The package could not be unpacked.")
    parameters = UnpackParameters

    def run(self, context: StepContext) -> StepResult:
        """Raises InvalidPackage when the package is hostile or broken."""
        report = UnpackReport.from_json(cast(dict[str, Any], _unpack(context)))  # it is as_json
        context.submission.form = str(report.form)
        context.submission.file_count = report.file_count
        context.submission.size_bytes = report.size_bytes
        context.report(report.findings)
        context.refuse_on_errors("the package was not unpacked")
        context.area.write_document(
            "unpacked", {"form": str(report.form), "empty_folders": list(report.empty_folders)}
        )
        return StepResult(
            detail=f"{report.form}: {report.file_count} files, {report.size_bytes} bytes",
            further=tuple(_further(report)),
        )


def _further(report: UnpackReport) -> Iterator[FurtherEvent]:
    """Tell what was done to an archive, and to names that could not stay (archive spec §2)."""
    packing, _, compression = report.form.value.partition(".")
    if report.form not in {SourceForm.FOLDER, SourceForm.FILE}:
        yield FurtherEvent(EventType.UNPACKING, f"{packing}: {report.file_count} files")
    if compression:
        yield FurtherEvent(EventType.DECOMPRESSION, compression)
    if report.renamed_count:
        detail = f"{report.renamed_count} names were made safe; PREMIS keeps the original ones"
        yield FurtherEvent(EventType.FILENAME_CHANGE, detail)


def _unpack(context: StepContext) -> object:
    area, source = context.area, source_of(context)
    arguments = {
        "source": encode_name(os.fsencode(source)),
        "package": str(area.package),
        "listing": str(area.listing),
        "limits": asdict(_limits()),
        "links": context.parameters.links,
    }
    size = source.stat().st_size if source.is_file() else 1 << 40
    return run_contained(
        "muniment.ingest.unpack_child:unpack",
        arguments,
        limits=Limits(
            wall_s=_BASE_S + size / _SLOWEST_BYTES_PER_S,
            memory_bytes=_MEMORY_BYTES,
            writable=(area.path,),
        ),
        progress=context.progress,
    )


def _limits() -> UnpackLimits:
    return UnpackLimits(
        max_entries=settings().max_package_files, reserve_bytes=settings().disk_reserve_bytes
    )
