"""The verdict of a validation."""

from __future__ import annotations

from dataclasses import dataclass

from muniment.runtime.findings import Finding, Severity, has_errors


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """All findings about one object or storage root."""

    findings: tuple[Finding, ...]
    object_count: int = 1

    @property
    def is_valid(self) -> bool:
        """Say whether there is no error; warnings are allowed."""
        return not has_errors(self.findings)

    @property
    def is_complete(self) -> bool:
        """Say whether everything could be read: else the verdict is about the rest."""
        return all(finding.code != "UNREADABLE" for finding in self.findings)

    def of(self, severity: Severity) -> list[Finding]:
        """Return the findings of one severity."""
        return [finding for finding in self.findings if finding.severity is severity]

    def as_json(self) -> dict[str, object]:
        """Return `valid`, `objects`, `errors` and `warnings`."""
        return {
            "valid": self.is_valid,
            "objects": self.object_count,
            "errors": [finding.as_json() for finding in self.of(Severity.ERROR)],
            "warnings": [finding.as_json() for finding in self.of(Severity.WARNING)],
        }
