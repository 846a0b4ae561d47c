"""`muniment recover`: finish what a crash interrupted, and bring the catalogue up to storage."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from muniment.cli.arguments import with_dry_run
from muniment.cli.console import Console

if TYPE_CHECKING:
    from muniment.storage.types import Recovered

SUMMARY = "complete or roll back what a crash interrupted; catalogue what storage alone knows"
NEEDS_ARCHIVE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    with_dry_run(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, console: Console) -> int:
    """Recover; exit 1 when something was left alone: damaged, or in the catalogue only."""
    from muniment.storage.types import RecoveryAction

    found = _foresee(console) if args.dry_run else _recover(console)
    if console.as_json:
        said = {"recovered": [each.as_json() for each in found]}
        console.document(said | ({"dry_run": True} if args.dry_run else {}))
    else:
        for each in found:
            console.line(f"{each.action.value}: {each.path} ({each.reason})")
        would = "would be recovered" if args.dry_run else "recovered"
        console.say(f"{len(found)} things {would}." if found else "Nothing to recover.")
    return int(any(each.action is RecoveryAction.LEFT_ALONE for each in found))


def _recover(console: Console) -> list[Recovered]:
    from muniment.catalogue.services import catch_up
    from muniment.ingest.ending import follow_jobs
    from muniment.ingest.services.leftovers import remove_leftovers
    from muniment.runtime.home import ArchiveHome
    from muniment.runtime.registry import adapter_of
    from muniment.site.bootstrap import clock, local_administrator
    from muniment.storage.jobs import open_archive
    from muniment.storage.services import recover
    from muniment.work import outbox

    archive, actor, home = open_archive(), local_administrator(), adapter_of(ArchiveHome)
    done = recover(root=archive.root, actor=actor)
    follow_jobs(home=home, clock=clock())
    done += map(_area, remove_leftovers(home=home, actor=actor))
    with console.progress("recover", "objects") as progress:
        done += _untold(done, catch_up(archive, actor=actor, on_progress=progress))
    outbox.drain()
    return done


def _foresee(console: Console) -> list[Recovered]:
    from muniment.catalogue.services import foresee
    from muniment.ingest.services.leftovers import leftovers
    from muniment.runtime.home import ArchiveHome
    from muniment.runtime.registry import adapter_of
    from muniment.site.bootstrap import local_administrator
    from muniment.storage.jobs import open_archive
    from muniment.storage.services import foresee_recovery

    archive, actor = open_archive(), local_administrator()
    found = foresee_recovery(root=archive.root, actor=actor)
    found += map(_area, leftovers(home=adapter_of(ArchiveHome), actor=actor))
    with console.progress("recover", "objects") as progress:
        found += _untold(found, foresee(archive, actor=actor, on_progress=progress))
    return found


def _area(name: str) -> Recovered:
    from muniment.storage.types import Recovered, RecoveryAction

    reason = "the work area of a submission that ended"
    return Recovered(RecoveryAction.REMOVED, f"submissions/{name}", reason)


def _untold(told: list[Recovered], more: list[Recovered]) -> list[Recovered]:
    """Return those of `more` that are not about a path which was told as left alone."""
    from muniment.storage.types import RecoveryAction

    paths = {each.path for each in told if each.action is RecoveryAction.LEFT_ALONE}
    return [each for each in more if each.path not in paths]
