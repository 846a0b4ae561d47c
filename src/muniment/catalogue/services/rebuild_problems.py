"""What a rebuild could not read, or read and does not believe."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from itertools import islice

from muniment.catalogue.models import File
from muniment.information.identifiers import ObjectId
from muniment.runtime.errors import Damaged, Missing, MunimentError, Unavailable
from muniment.runtime.findings import Finding
from muniment.storage.names import shown
from muniment.storage.ports import StorageRoot
from muniment.storage.types import FixityLine

log = logging.getLogger(__name__)

_MOST_LINES = 100
"""So many lost files of one object are named; all are counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Whose it is ("" = nobody's), where it lies, its code and the reason."""

    object_id: str
    path: str
    code: str
    reason: str


@dataclass(slots=True)
class Problems:
    """The problems of one pass over a root. A rebuild that is gone on with looks at all again."""

    root: StorageRoot
    found: list[Problem] = field(default_factory=list)

    def note(self, problem: Problem) -> None:
        """Keep one."""
        log.warning(
            "not rebuilt",
            extra={
                "object_id": problem.object_id,
                "path": problem.path,
                "reason": problem.reason,
            },
        )
        self.found.append(problem)

    def note_object(self, object_id: str, error: MunimentError) -> None:
        """Keep why an object could not be read whole."""
        self.note(Problem(object_id, self._folder(object_id), error.code, str(error)))

    def note_finding(self, finding: Finding) -> None:
        """Keep what is wrong with the ledger."""
        self.note(Problem("", finding.path or "ledger", finding.code, finding.message))

    def note_strangers(self) -> None:
        """Keep what lies in the root and belongs to no object of this archive."""
        for each in self.root.strangers():
            self.note(Problem("", each.path, "stranger", each.reason))

    def note_lost_content(self, object_id: ObjectId) -> None:
        """Keep which content files are missing or cut short, by what PREMIS says of them."""
        files = File.objects.filter(entity__object_id=object_id).order_by("sha512")
        sizes = files.values_list("sha512", "size_bytes").distinct().iterator(chunk_size=5000)
        lost = self.root.lost_content(object_id, ((bytes(d).hex(), n) for d, n in sizes))
        try:
            for line in islice(lost, _MOST_LINES):
                self._note_line(object_id, line)
            more = sum(1 for _ in lost)
        except (Damaged, Missing, Unavailable) as exc:
            if object_id not in self.of_objects():
                self.note_object(object_id, exc)
            return
        if more:
            reason = f"and {more} more of its files"
            self.note(Problem(object_id, self._folder(object_id), "content-lost", reason))

    def _note_line(self, object_id: ObjectId, line: FixityLine) -> None:
        path = shown(f"{self.root.path_of(object_id)}/{line.path}")
        self.note(Problem(object_id, path, "content-lost", line.reason))

    def _folder(self, object_id: str) -> str:
        return shown(str(self.root.path_of(ObjectId(object_id))))

    def of_objects(self) -> set[str]:
        """Return the objects that have one."""
        return {each.object_id for each in self.found if each.object_id}

    def in_order(self) -> tuple[Problem, ...]:
        """Return all, those of objects behind those of nobody."""
        return tuple(sorted(self.found, key=lambda each: (each.object_id, each.path, each.code)))
