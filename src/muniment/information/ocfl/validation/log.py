"""Collects the findings of one validation."""

from __future__ import annotations

from dataclasses import replace

from muniment.information.ocfl.validation.codes import TABLE, clause_for, code_for
from muniment.runtime.findings import Finding, has_errors

_MOST_CHARACTERS = 300


class FindingLog:
    """The findings so far; `spec` is the version of the specification that they are told in."""

    def __init__(self, spec: str = "1.1", prefix: str = "") -> None:
        """`prefix` stands before each path: the object's own path under a storage root."""
        self.spec = spec
        self.findings: list[Finding] = []
        self._prefix = prefix

    @property
    def has_errors(self) -> bool:
        """Say whether anything so far makes the object invalid."""
        return has_errors(self.findings)

    def add(  # one keyword for each member of a finding
        self,
        code: str,
        path: str,
        detail: str = "",
        *,
        pointer: str | None = None,
        expected: str | None = None,
        found: str | None = None,
    ) -> None:
        """Tell a fault at `path`, relative to the object root; `detail` says what is wrong."""
        told = code_for(code, self.spec)
        if told is None:
            return
        shown = detail or path or "."
        if len(shown) > _MOST_CHARACTERS:
            shown = shown[:_MOST_CHARACTERS] + "…"
        finding = TABLE.finding(
            told,
            path=(self._prefix + path).rstrip("/") or ".",
            pointer=pointer,
            expected=expected,
            found=found,
            detail=shown,
        )
        self.findings.append(replace(finding, clause=clause_for(finding.clause, self.spec)))
