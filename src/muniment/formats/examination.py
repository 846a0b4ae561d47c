"""Validation and technical metadata of files, in one opening of each, in helper processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self

from muniment.formats.batches import Allowance, Work, in_batches
from muniment.formats.types import Examination, ExaminationRequest, ToolUse, Validity
from muniment.runtime.contained import ContainedPool, Limits
from muniment.runtime.contained.process import ContainedProcess
from muniment.runtime.contained.wire import path_text
from muniment.runtime.findings import code_table

__all__ = [
    "Examination",
    "ExaminationRequest",
    "Examiner",
    "ToolUse",
    "Validity",
]

_CHILD = "muniment.formats.examination_child"
_CODES = code_table("muniment.formats")
MIB = 1 << 20
ALLOWANCE = Allowance(files=32, size_bytes=8 * MIB, base_s=60.0, rate_bytes_s=2 * MIB)
LIMITS = Limits(memory_bytes=1536 * MIB)


class Examiner:
    """Examines files in `helpers` processes, which load while the caller does something else.

    `use_exiftool`: let ExifTool, where it is installed, add what it finds embedded.
    """

    def __init__(
        self,
        *,
        helpers: int = 2,
        use_exiftool: bool = True,
        allowance: Allowance = ALLOWANCE,
        limits: Limits = LIMITS,
        child: str = _CHILD,
    ) -> None:
        """`child`: the module that does the work, so that tests can put a bad one there."""
        self._child = child
        self._use_exiftool = use_exiftool
        self._allowance = allowance
        warm = "warm_with_exiftool" if use_exiftool else "warm"
        self._pool = ContainedPool(helpers, limits, warm=f"{child}:{warm}")

    def __enter__(self) -> Self:
        self._pool.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the helpers; what they are at is given up."""
        self._pool.close()

    @property
    def helpers(self) -> tuple[ContainedProcess, ...]:
        """The helper processes, for reports and tests."""
        return self._pool.processes

    def exiftool(self) -> ToolUse | None:
        """Return ExifTool as it is used here; None: switched off, or not installed."""
        if not self._use_exiftool:
            return None

        def ask(process: ContainedProcess, _: None) -> object:
            return process.call(f"{self._child}:about", None)

        (version,) = self._pool.map(ask, [None])
        return ToolUse("ExifTool", str(version)) if version else None

    def examine(self, requests: Iterable[ExaminationRequest]) -> Iterator[Examination]:
        """Yield one examination for each request, in order; memory stays flat.

        Nothing is raised for a bad file: one that kills its helper, lets it hang or takes too
        much memory has failed, and its finding says how.
        """
        work = Work(
            function=f"{self._child}:examine_batch",
            allowance=self._allowance,
            arguments=self._arguments,
            read=Examination.from_json,
            failed=_failed,
        )
        sized = ((request, request.size_bytes) for request in requests)
        for results in self._pool.map(work, in_batches(sized, self._allowance)):
            yield from results

    def _arguments(self, requests: Sequence[ExaminationRequest]) -> dict[str, Any]:
        return {
            "exiftool": self._use_exiftool,
            "files": [
                [
                    path_text(request.path.absolute()),
                    request.original_name.encode("utf-8", "replace").decode(),
                    request.size_bytes,
                    request.puid,
                    request.mime_type,
                ]
                for request in requests
            ],
        }


def _failed(_: ExaminationRequest, reason: str) -> Examination:
    finding = _CODES.finding("format-not-examined", reason=reason[:300])
    return Examination(validity=Validity.FAILED, findings=(finding,))
