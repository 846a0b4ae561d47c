"""What ingest needs from outside: a scanner for malware."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class ScanOutcome(StrEnum):
    """What a scanner says of one file; "could not look" is never "clean"."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The verdict on one file; `detail` is the signature's name or the reason."""

    path: Path
    outcome: ScanOutcome
    detail: str = ""


class MalwareScanner(Protocol):
    """Looks for malware in files.

    `problem` says why it cannot be used, "" when it can. `scan` yields a result for every file, in
    the order given; a scanner that cannot be used raises Misconfigured before it says anything of
    a file, one that dies raises ToolFailed.
    """

    name: str

    def version(self) -> str: ...

    def problem(self) -> str: ...

    def scan(
        self, files: Iterable[Path], *, progress: Callable[[int], None]
    ) -> Iterator[ScanResult]: ...
