"""Builder: an archive with objects of two versions each, their rows and what the ledger says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import SYSTEM
from muniment.storage.archive import Archive
from muniment.storage.fixity.running import FixityRun, Scope, check_fixity
from muniment.storage.models import Copy, FixityCheck
from muniment.storage.sealings import Sealing
from muniment.storage.services import seal
from tests.storage.ledger.desks import Desk, a_desk
from tests.storage.staging import Bench


class Stock:
    """Each object was sealed on the first and second of January 2026; the clock stands at noon."""

    def __init__(self, base: Path, objects: int) -> None:
        self.desk: Desk = a_desk(base)
        self.archive = Archive(self.desk.ledger.root, self.desk.ledger, self.desk.clock)
        self.benches = [Bench(base / "home/work/area") for _ in range(objects)]
        for number, bench in enumerate(self.benches):
            self.seal(bench, {"a": b"%d" % number, "f/b": b"same"}, 0)
        for number, bench in enumerate(self.benches):
            self.seal(bench, {"a": b"%d" % number, "c": b"new %d" % number}, 1)

    def seal(self, bench: Bench, state: dict[str, bytes], head: int) -> None:
        """Seal a version, and tell it as the catalogue does."""
        staged = bench.staged(state, head=head)
        at = self.desk.clock.at = staged.created_at
        made = seal(staged, root=self.archive.root, actor=SYSTEM, clock=self.archive.clock)
        told = Sealing(made.object_id, made.number, made.created_at, made.inventory_sha512, at)
        self.archive.ledger.append([told.record()])

    def seal_at(self, bench: Bench, at: datetime) -> None:
        """Seal a first version at a time."""
        self.desk.clock.at = at
        staged = replace(bench.staged({"a": b"1"}), created_at=at)
        seal(staged, root=self.archive.root, actor=SYSTEM, clock=self.archive.clock)

    @property
    def object_ids(self) -> list[ObjectId]:
        return [bench.object_id for bench in self.benches]

    def path(self, which: int, content_path: str) -> Path:
        return self.archive.root.path_of(self.object_ids[which]) / content_path

    def damage(self, which: int, content_path: str, content: bytes = b"damaged") -> None:
        """Put other bytes in the place of a file; the work area shares the old ones."""
        self.path(which, content_path).unlink()
        self.path(which, content_path).write_bytes(content)

    def check(self, scope: Scope = Scope.ALL, **more: object) -> list[FixityCheck]:
        run = FixityRun(uuid4(), scope)
        return check_fixity(replace(run, **more), self.archive, actor=SYSTEM)  # type: ignore[arg-type]  # fields of the run


def rows() -> list[object]:
    """Return every row of storage without its number in the database."""
    hidden = {"id", "location_id", "_state"}
    found = [*Copy.objects.order_by("object_id", "number"), *FixityCheck.objects.order_by("seq")]
    return [
        {name: value for name, value in vars(row).items() if name not in hidden} for row in found
    ]
