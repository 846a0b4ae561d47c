"""Collects the findings on one METS document."""

from __future__ import annotations

from muniment.runtime.findings import Finding, code_table

PACKAGE = __package__ or ""


class Notes:
    """The findings on one document; `document` is its path."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.findings: list[Finding] = []

    def require(
        self, condition: object, code: str, pointer: str = "", *, found: str = "", **params: str
    ) -> None:
        """Add the finding `code` unless the condition holds; `pointer` says where it stands."""
        if not condition:
            self.add(code, pointer, found=found, **params)

    def add(self, code: str, pointer: str = "", *, found: str = "", **params: str) -> None:
        """Add the finding `code`."""
        subject = f"{self.document}, {pointer}" if pointer else self.document
        self.findings.append(
            code_table(PACKAGE).finding(
                code,
                path=self.document,
                pointer=pointer or None,
                found=found or None,
                subject=subject,
                **params,  # type: ignore[arg-type]  # texts of the message, never `severity`
            )
        )
