"""PDF by pikepdf (structure, metadata, the PDF/A claim) and PDFium (do the pages open?)."""

from __future__ import annotations

import pikepdf
import pypdfium2

from muniment.formats.families.verdicts import (
    encrypted,
    invalid,
    not_checked,
    one_line,
    tool,
    valid,
)
from muniment.formats.types import Examination, ExaminationRequest

_TOOLS = (tool("pikepdf", "pikepdf"), tool("PDFium", "pypdfium2"))
_MOST_PAGES = 2000
_INFO = {
    "pdf.title": "/Title",
    "pdf.author": "/Author",
    "pdf.producer": "/Producer",
    "pdf.creator": "/Creator",
    "pdf.created": "/CreationDate",
}


def examine(request: ExaminationRequest) -> Examination:
    """Check the syntax of every object and open every page."""
    properties: dict[str, object] = {}
    try:
        with pikepdf.open(request.path) as pdf:
            properties = _properties(pdf)
            problems = [one_line(problem) for problem in pdf.check_pdf_syntax()]
        problems += _page_problems(request)
    except pikepdf.PasswordError:
        return not_checked(_TOOLS, {"pdf.encrypted": "yes"}, encrypted())
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, RuntimeError) as exc:
        return invalid(_TOOLS, properties, one_line(exc))
    if problems:
        return invalid(_TOOLS, properties, *problems[:20])
    return valid(_TOOLS, properties)


def _properties(pdf: pikepdf.Pdf) -> dict[str, object]:
    info = pdf.docinfo
    with pdf.open_metadata() as metadata:
        claim = metadata.pdfa_status
    return {
        "pdf.version": pdf.pdf_version,
        "pdf.pages": len(pdf.pages),
        "pdf.encrypted": "yes" if pdf.is_encrypted else "no",
        "pdf.linearized": "yes" if pdf.is_linearized else "no",
        "pdf.pdfa_claim": f"PDF/A-{claim}" if claim else None,
        "pdf.attachments": len(pdf.attachments) or None,
        **{name: str(info[key]) for name, key in _INFO.items() if key in info},
    }


def _page_problems(request: ExaminationRequest) -> list[str]:
    problems = []
    document = pypdfium2.PdfDocument(request.path)
    try:
        for number in range(min(len(document), _MOST_PAGES)):
            try:
                document[number].close()
            except pypdfium2.PdfiumError as exc:
                problems.append(f"page {number + 1}: {exc}")
    finally:
        document.close()
    return problems
