"""Findings: what a validator saw, as data (STYLE §2.5).

A validator returns all of its findings; it raises none of them. Codes, clauses and texts in
both languages are data in a `codes.toml` beside the validator.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Self


class Severity(StrEnum):
    """How bad it is: an error refuses, a warning stays visible, info is for the record."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing seen, about one path, pointer (in a document) or parameter.

    `message` is English; `params` are the values in it, so that a page can say it in French.
    """

    code: str
    severity: Severity
    message: str
    clause: str = ""
    path: str | None = None
    pointer: str | None = None
    parameter: str | None = None
    expected: str | None = None
    found: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the members that are set, for a report."""
        known = {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "clause": self.clause or None,
            "path": self.path,
            "pointer": self.pointer,
            "parameter": self.parameter,
            "expected": self.expected,
            "found": self.found,
            "params": dict(self.params) or None,
        }
        return {name: value for name, value in known.items() if value is not None}

    @classmethod
    def from_json(cls, document: Mapping[str, object]) -> Self:
        """Read what `as_json` wrote; an unknown member raises TypeError."""
        members = dict(document)
        members["severity"] = Severity(str(members["severity"]))
        return cls(**members)  # type: ignore[arg-type]  # the keys are ours: as_json wrote them


@dataclass(frozen=True, slots=True)
class Code:
    """One row of a code table: severity, clause and the text in both languages."""

    code: str
    severity: Severity
    clause: str
    en: str
    fr: str


class CodeTable:
    """The codes of one validator, read once from `codes.toml` beside it."""

    def __init__(self, codes: Mapping[str, Code]) -> None:
        self._codes = codes

    def __iter__(self) -> Iterator[Code]:
        return iter(sorted(self._codes.values(), key=lambda row: row.code))

    def __getitem__(self, code: str) -> Code:
        return self._codes[code]

    def __contains__(self, code: str) -> bool:
        return code in self._codes

    def finding(  # noqa: PLR0913  # one keyword for each member of a finding
        self,
        code: str,
        *,
        path: str | None = None,
        pointer: str | None = None,
        parameter: str | None = None,
        expected: str | None = None,
        found: str | None = None,
        severity: Severity | None = None,
        **params: str,
    ) -> Finding:
        """Make the finding `code`; `params` fill the named places of its text."""
        row = self._codes[code]
        return Finding(
            code=code,
            severity=severity or row.severity,
            message=row.en.format(**params) if params else row.en,
            clause=row.clause,
            path=path,
            pointer=pointer,
            parameter=parameter,
            expected=expected,
            found=found,
            params=params,
        )


@cache
def code_table(package: str, resource: str = "codes.toml") -> CodeTable:
    """Load the table of `package`: `[CODE]` with `severity`, `clause`, `en`, `fr`."""
    text = resources.files(package).joinpath(resource).read_text(encoding="utf-8")
    return CodeTable(
        {
            code: Code(code, Severity(row["severity"]), row.get("clause", ""), row["en"], row["fr"])
            for code, row in tomllib.loads(text).items()
        }
    )


def has_errors(findings: Iterable[Finding]) -> bool:
    """Say whether anything among the findings refuses the package."""
    return any(finding.severity is Severity.ERROR for finding in findings)
