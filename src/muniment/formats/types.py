"""The words of examination: what is asked about a file, and what was seen of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from muniment.runtime.findings import Finding


class Validity(StrEnum):
    """Whether a file keeps the rules of its format; FAILED: the check itself broke down."""

    VALID = "valid"
    INVALID = "invalid"
    NOT_CHECKED = "not_checked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A tool that looked at the file."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminationRequest:
    """A file to be examined; `puid` and `mime_type` are "" where it was not identified."""

    path: Path
    original_name: str = ""
    size_bytes: int = 0
    puid: str = ""
    mime_type: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what a helper process is sent."""
        return {
            "path": str(self.path),
            "original_name": self.original_name,
            "size_bytes": self.size_bytes,
            "puid": self.puid,
            "mime_type": self.mime_type,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read what `as_json` made."""
        return cls(**{**document, "path": Path(document["path"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was seen of one file: validity, findings, flat technical properties, the tools."""

    validity: Validity = Validity.NOT_CHECKED
    findings: tuple[Finding, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    tools: tuple[ToolUse, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the members that are set."""
        document: dict[str, Any] = {"validity": self.validity.value}
        if self.findings:
            document["findings"] = [finding.as_json() for finding in self.findings]
        if self.properties:
            document["properties"] = dict(self.properties)
        if self.tools:
            document["tools"] = [[tool.name, tool.version] for tool in self.tools]
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read what `as_json` made."""
        return cls(
            validity=Validity(document["validity"]),
            findings=tuple(map(Finding.from_json, document.get("findings", ()))),
            properties=document.get("properties", {}),
            tools=tuple(ToolUse(*tool) for tool in document.get("tools", ())),
        )
