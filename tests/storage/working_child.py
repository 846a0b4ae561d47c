"""Runs in a process of its own, which a failpoint ends: `python -m … HOME OBJECT_ID TARGET`."""

from __future__ import annotations

import sys
from pathlib import Path

from muniment.administration import policy
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import SYSTEM
from muniment.storage.exporting.export import ExportForm, ExportRequest, export_version
from tests.storage.ledger.desks import a_desk


def main(base: Path, object_id: ObjectId, target: Path) -> None:
    """Note two things on two days, seal the first day, and replace an export."""
    policy.install()
    desk = a_desk(base)
    desk.note("a")
    desk.pass_days()
    desk.note("b")
    desk.ledger.seal_closed_days()
    request = ExportRequest(object_id, ExportForm.FOLDER, target, overwrite=True)
    export_version(request, root=desk.ledger.root, actor=SYSTEM, clock=desk.clock)


if __name__ == "__main__":
    main(Path(sys.argv[1]), ObjectId(sys.argv[2]), Path(sys.argv[3]))
