"""Examination inside a helper process: every file of a batch through its family."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from muniment.formats.exiftool import ExifTool, exiftool, exiftool_use
from muniment.formats.families import family, family_name
from muniment.formats.families.verdicts import not_examined, texts
from muniment.formats.types import Examination, ExaminationRequest, Validity
from muniment.runtime.contained.wire import text_path

Report = Callable[[int, "int | None", str], None]
_USUAL = ("plain_text", "xml_document", "images")
# Text and archives embed nothing that ExifTool knows, and asking costs more than examining.
_WITHOUT_EXIFTOOL = frozenset(
    {
        "plain_text",
        "delimited_text",
        "xml_document",
        "email_message",
        "mailbox_file",
        "web_archive",
        "zip_archive",
        "tar_archive",
        "gzip_archive",
    }
)


def warm(arguments: object, report: Report) -> None:  # noqa: ARG001  # signature of all calls
    """Load the libraries of the usual families; the others are loaded with their first file."""
    for name in _USUAL:
        family(name)


def warm_with_exiftool(arguments: object, report: Report) -> None:
    """Let ExifTool load as well: it takes as long as all the libraries."""
    exiftool()
    warm(arguments, report)


def about(arguments: object, report: Report) -> str:  # noqa: ARG001  # likewise
    """Return the version of ExifTool, "" where it is not installed."""
    use = exiftool_use()
    return use.version if use else ""


def examine_batch(arguments: Mapping[str, Any], report: Report) -> list[dict[str, Any]]:
    """Examine the files of `arguments["files"]`; ExifTool reads beside it where it is wanted."""
    requests = [_request(row) for row in arguments["files"]]
    asked = _ask(requests) if arguments["exiftool"] else []
    examinations = []
    for number, request in enumerate(requests):
        report(number, None, "")
        examinations.append(examine_file(request))
    if asked:
        _add_answers(requests, asked, examinations)
    return [examination.as_json() for examination in examinations]


def _request(row: Sequence[Any]) -> ExaminationRequest:
    path, original_name, size_bytes, puid, mime_type = row
    return ExaminationRequest(
        path=Path(text_path(path)),
        original_name=original_name,
        size_bytes=size_bytes,
        puid=puid,
        mime_type=mime_type,
    )


def examine_file(request: ExaminationRequest) -> Examination:
    """Let the family of a file examine it; what a library raises becomes a finding."""
    name = family_name(request)
    if not name:
        return Examination()
    try:
        return family(name)(request)
    except OSError as exc:
        return failed(exc.strerror or type(exc).__name__)
    except MemoryError:
        return failed("it needs more memory than is allowed")
    except Exception as exc:  # noqa: BLE001  # hostile files make libraries raise anything
        return failed(f"{type(exc).__name__}: {exc}")


def failed(reason: str) -> Examination:
    """Say that the check broke down, which says nothing of the file."""
    return Examination(validity=Validity.FAILED, findings=(not_examined(reason),))


def _exiftool() -> ExifTool:
    tool = exiftool()
    assert tool is not None, "asked only where it is installed"
    return tool


def _ask(requests: Sequence[ExaminationRequest]) -> list[int]:
    """Ask ExifTool about the files that it may know; return their numbers."""
    asked = [
        number
        for number, request in enumerate(requests)
        if "\n" not in str(request.path) and family_name(request) not in _WITHOUT_EXIFTOOL
    ]
    if not asked or exiftool() is None:
        return []
    exiftool_use()
    _exiftool().ask([str(requests[number].path) for number in asked])
    return asked


def _add_answers(
    requests: Sequence[ExaminationRequest], asked: Sequence[int], examinations: list[Examination]
) -> None:
    size_bytes = sum(requests[number].size_bytes for number in asked)
    answers = _exiftool().answers([str(requests[number].path) for number in asked], size_bytes)
    for number, answer in zip(asked, answers, strict=True):
        seen = examinations[number]
        if isinstance(answer, str):
            examinations[number] = replace(seen, findings=(*seen.findings, not_examined(answer)))
        elif answer and (use := exiftool_use()):
            examinations[number] = replace(
                seen,
                properties={**seen.properties, **texts(answer)},
                tools=(*seen.tools, use),
            )
