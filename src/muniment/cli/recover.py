"""`muniment recover`: finish what a crash interrupted, and bring the catalogue up to storage."""

from __future__ import annotations

import argparse

from muniment.cli.console import Console

SUMMARY = "complete or roll back what a crash interrupted; catalogue what storage alone knows"
NEEDS_ARCHIVE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, console: Console) -> int:  # noqa: ARG001  # it has none
    """Recover; exit 1 when something was left alone: damaged, or in the catalogue only."""
    from muniment.catalogue.services import catch_up
    from muniment.ingest.ending import follow_jobs
    from muniment.ingest.services.leftovers import remove_leftovers
    from muniment.runtime.home import ArchiveHome
    from muniment.runtime.registry import adapter_of
    from muniment.site.bootstrap import clock, local_administrator
    from muniment.storage.jobs import open_archive
    from muniment.storage.ports import StorageRoot
    from muniment.storage.services import recover
    from muniment.storage.types import Recovered, RecoveryAction
    from muniment.work import outbox

    root = adapter_of(StorageRoot)  # type: ignore[type-abstract]  # a port is a Protocol
    actor = local_administrator()
    done = recover(root=root, actor=actor)
    follow_jobs(home=adapter_of(ArchiveHome), clock=clock())
    for name in remove_leftovers(home=adapter_of(ArchiveHome), actor=actor):
        reason = "the work area of a submission that ended"
        done.append(Recovered(RecoveryAction.REMOVED, f"submissions/{name}", reason))
    with console.progress("recover", "objects") as progress:
        told = {each.path for each in done if each.action is RecoveryAction.LEFT_ALONE}
        caught = catch_up(open_archive(), actor=actor, on_progress=progress)
    done += [each for each in caught if each.path not in told]
    outbox.drain()
    if console.as_json:
        console.document({"recovered": [each.as_json() for each in done]})
    else:
        for each in done:
            console.line(f"{each.action.value}: {each.path} ({each.reason})")
        console.say(f"{len(done)} things recovered." if done else "Nothing to recover.")
    return int(any(each.action is RecoveryAction.LEFT_ALONE for each in done))
