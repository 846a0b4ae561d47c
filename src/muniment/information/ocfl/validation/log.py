"""Collects the findings of one validation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from muniment.information.ocfl.validation.codes import TABLE, clause_for, code_for
from muniment.information.ocfl.validation.names import printable
from muniment.runtime.findings import Finding

MOST_OF_A_CODE = 10_000
"""More findings of one code are counted and not kept: an inventory may have millions of faults."""

_MOST_CHARACTERS = 300
_MOST_PATH_CHARACTERS = 4096
"""No file system takes a longer path; only an inventory can claim one."""


class FindingLog:
    """The findings so far; `spec` is the version of the specification that they are told in."""

    def __init__(self, spec: str = "1.1", prefix: str = "") -> None:
        """`prefix` stands before each path: the object's own path under a storage root."""
        self.spec = spec
        self._findings: list[Finding] = []
        self._told: Counter[str] = Counter()
        self._unreadable: set[str] = set()
        self._prefix = prefix

    def all_findings(self) -> tuple[Finding, ...]:
        """Return what was told, and of which codes there was more."""
        more = (
            TABLE.finding("UNLISTED", path=".", count=str(count - MOST_OF_A_CODE), of=code)
            for code, count in sorted(self._told.items())
            if count > MOST_OF_A_CODE
        )
        return (*self._findings, *more)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take what was told of an object."""
        self._findings += [each for each in findings if self._has_room(each.code)]

    def _has_room(self, code: str) -> bool:
        self._told[code] += 1
        return self._told[code] <= MOST_OF_A_CODE

    def add_unreadable_folder(self, path: str, fault: OSError) -> None:
        """Tell that a folder could not be read: nobody knows whether anything is missing in it."""
        self.add("UNREADABLE", path, fault.strerror or str(fault))
        self._unreadable.add(path)

    def could_not_look_at(self, path: str) -> bool:
        """Say whether a path lies in a folder that could not be read."""
        if not self._unreadable:
            return False
        parts = path.split("/")
        return any("/".join(parts[:count]) in self._unreadable for count in range(len(parts)))

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
        """Tell a fault at `path`, relative to the object root; `detail` says what is wrong.

        Names may be as the file system has them, texts as long as the inventory has them.
        """
        told = code_for(code, self.spec)
        if told is None or not self._has_room(told):
            return
        finding = TABLE.finding(
            told,
            path=_shown((self._prefix + path).rstrip("/") or ".", _MOST_PATH_CHARACTERS),
            pointer=pointer and _shown(pointer),
            expected=expected and _shown(expected),
            found=found and _shown(found),
            detail=_shown(detail or path or "."),
        )
        self._findings.append(replace(finding, clause=clause_for(finding.clause, self.spec)))


def _shown(text: str, most: int = _MOST_CHARACTERS) -> str:
    """Return a text that can be printed and stored, cut where it is too long."""
    return printable(text if len(text) <= most else text[:most] + "…")
