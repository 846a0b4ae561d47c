"""What the validation of a bag tells."""

from __future__ import annotations

from dataclasses import dataclass

from muniment.information.bagit.bag_info import Label, values_of
from muniment.information.bagit.fetch import FetchItem
from muniment.runtime.findings import Finding, has_errors


@dataclass(frozen=True, slots=True)
class BagReport:
    """A bag as it is: declaration, metadata, counts of the payload, every fault.

    `info` keeps order and repeats of bag-info.txt; `algorithms` are those of the payload
    manifests; `fetch` is what the producer says can be fetched.
    """

    version: str
    encoding: str
    info: tuple[Label, ...]
    algorithms: tuple[str, ...]
    tag_algorithms: tuple[str, ...]
    fetch: tuple[FetchItem, ...]
    file_count: int
    size_bytes: int
    findings: tuple[Finding, ...]

    @property
    def is_valid(self) -> bool:
        """Say whether the bag is complete and every digest is right (RFC 8493 §3)."""
        return not has_errors(self.findings)

    def values(self, label: str) -> tuple[str, ...]:
        """Return the values of a label of bag-info.txt, in order."""
        return values_of(self.info, label)
