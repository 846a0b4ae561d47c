"""The findings of one step, written as they come, so that a million of them need no memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson

from muniment.ingest.area import WorkArea, read_rows
from muniment.runtime.findings import Finding, Severity

_SAMPLE = 100


class FindingLog:
    """Writes `findings/<step>.jsonl`; the file appears when the step ended, well or not."""

    def __init__(self, area: WorkArea, step: str) -> None:
        self.path = area.findings / f"{step}.jsonl"
        self._beside = self.path.with_name(f".{self.path.name}")
        self.errors = 0
        self.warnings = 0
        self.first_error = ""
        self.sample: list[Finding] = []
        """The first errors, for a message."""

    def __enter__(self) -> Self:
        self._stream = self._beside.open("wb")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()
        self._beside.replace(self.path)

    def add(self, finding: Finding) -> None:
        """Take one finding."""
        self._stream.write(orjson.dumps(finding.as_json(), option=orjson.OPT_APPEND_NEWLINE))
        if finding.severity is Severity.WARNING:
            self.warnings += 1
        if finding.severity is Severity.ERROR:
            self.errors += 1
            self._remember(finding)

    def _remember(self, finding: Finding) -> None:
        if not self.first_error:
            where = finding.path or finding.pointer or finding.parameter
            self.first_error = f"{where}: {finding.message}" if where else finding.message
        if len(self.sample) < _SAMPLE:
            self.sample.append(finding)


def read_findings(area: WorkArea, step: str) -> Iterator[Finding]:
    """Yield what a step found, in its order."""
    return read_rows(_path(area, step), Finding.from_json)


def _path(area: WorkArea, step: str) -> Path:
    return area.findings / f"{step}.jsonl"
