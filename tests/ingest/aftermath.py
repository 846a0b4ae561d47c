"""What must hold after a crash or a fault, whatever it was."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from muniment.information.ocfl.validation import validate_root
from muniment.runtime.clock import SystemClock
from muniment.runtime.findings import Finding
from muniment.runtime.home import ArchiveHome
from muniment.storage.adapters.local import open_root
from muniment.storage.ledger import open_ledger
from tests.archives import Answer, Archive
from tests.forked import Ended
from tests.ingest.commands_child import run_all


def one_process(archive: Archive, *lines: str, **environment: str) -> Ended:
    """Run several commands in one process, which may die of it."""
    command = [sys.executable, str(Path(__file__).with_name("commands_child.py")), *lines]
    return archive.run_apart(lambda: run_all(lines), command, environment)


def commands(archive: Archive, *lines: str, **environment: str) -> list[Answer]:
    """Run several commands in one process, which comes to its end."""
    done = one_process(archive, *lines, **environment)
    assert done.code == 0, done.err
    return [Answer(each["code"], each["out"], done.err) for each in json.loads(done.out)]


def objects_in(archive: Archive) -> list[Path]:
    """Return the folders of the objects in storage, which is valid as it is now."""
    report = validate_root(archive.storage_root, workers=1)
    assert [each for each in report.findings if each.severity == "error"] == []
    return [each.parent for each in archive.storage_root.rglob("0=ocfl_object_*")]


def submissions_in(archive: Archive) -> list[dict[str, Any]]:
    """Return the submissions, newest first."""
    found: list[dict[str, Any]] = archive.run("submission", "list", "--json").json()["submissions"]
    return found


def work_left(archive: Archive) -> list[str]:
    """Return what is left in the work area, staging and all, but for locks."""
    work = archive.home / "work"
    return sorted(
        str(each.relative_to(work))
        for each in work.rglob("*")
        if each.is_file() and "locks" not in each.parts
    )


def told(archive: Archive) -> list[str]:
    """Return the types of the events in the ledger, none of which is there twice."""
    home = ArchiveHome(archive.home)
    ledger = open_ledger(home, open_root(home), SystemClock())
    findings: list[Finding] = []
    events = [each.payload for each in ledger.read(findings.append) if each.kind == "event"]
    assert findings == []
    assert len({each["event_id"] for each in events}) == len(events)
    return [str(each["event_type"]) for each in events]
