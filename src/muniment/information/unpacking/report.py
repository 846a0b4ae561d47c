"""What receiving a package is asked to keep to, and what it reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from muniment.runtime.findings import Finding, has_errors


class SourceForm(StrEnum):
    """What came, told by its content and not by its name."""

    FOLDER = "folder"
    FILE = "file"
    ZIP = "zip"
    TAR = "tar"
    TAR_GZ = "tar.gz"
    TAR_BZ2 = "tar.bz2"
    TAR_XZ = "tar.xz"
    TAR_ZST = "tar.zst"


class LinkPolicy(StrEnum):
    """What becomes of a symbolic link to a file inside the package."""

    REFUSE = "refuse"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class UnpackLimits:
    """How much one package may hold (archive spec §1).

    More entries or bytes than `max_entries`, `max_bytes` (folders that are made count by
    themselves, for one name may ask for many), or an entry above `ratio_from_bytes` that grows by
    more than `max_ratio`, refuse the package. What would not leave `reserve_bytes`
    free on the disk is no fault of the package: NoSpace is raised. Symbolic links are kept in
    memory until all files are there, so they have a limit of their own.
    """

    max_entries: int = 5_000_000
    max_bytes: int | None = None
    reserve_bytes: int = 1 << 30
    max_ratio: int = 1_000
    ratio_from_bytes: int = 10_000_000
    max_findings: int = 10_000
    max_links: int = 100_000


@dataclass(frozen=True, slots=True)
class UnpackReport:
    """What came: counts of files and bytes, folders without content, every fault.

    `renamed_count` files have another name here than they came with (archive spec §1).
    """

    form: SourceForm
    file_count: int
    size_bytes: int
    empty_folders: tuple[str, ...]
    findings: tuple[Finding, ...]
    renamed_count: int = 0

    @property
    def is_accepted(self) -> bool:
        """Say whether nothing refuses the package."""
        return not has_errors(self.findings)

    def as_json(self) -> dict[str, object]:
        """Return a document that `from_json` reads."""
        return {
            "form": self.form.value,
            "file_count": self.file_count,
            "size_bytes": self.size_bytes,
            "empty_folders": list(self.empty_folders),
            "findings": [finding.as_json() for finding in self.findings],
            "renamed_count": self.renamed_count,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:  # the edge: parsed here
        """Read what `as_json` wrote."""
        return cls(
            SourceForm(document["form"]),
            document["file_count"],
            document["size_bytes"],
            tuple(document["empty_folders"]),
            tuple(Finding.from_json(finding) for finding in document["findings"]),
            document["renamed_count"],
        )
