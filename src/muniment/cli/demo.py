"""`muniment demo`: an archive, the sample set in it, what became of each package, and the site."""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.cli.console import Console
from muniment.cli.serve import add_serving, keep_serving
from muniment.cli.web import address_of, require_free, why_not_free
from muniment.runtime.home import ArchiveHome

if TYPE_CHECKING:
    from muniment.ingest.models import Submission
    from muniment.runtime.actor import Actor
    from muniment.samples import Sample

SUMMARY = "Make an archive where there is none, ingest the sample set and serve it"
NEEDS_ARCHIVE = False
_PIPELINE = "demo"
_PORT = 8000


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the table."""

    sample: Sample
    submission: Submission
    why: str

    @property
    def is_as_expected(self) -> bool:
        wanted = "accepted" if self.sample.is_good else "refused"
        # Without a scanner the EICAR string is let in, and the receipt says: not scanned.
        return self.submission.state == wanted or self.sample.name == "bad/eicar"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_serving(parser)
    parser.add_argument(
        "--serve",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="serve the archive until Ctrl-C (on a terminal; a script goes on without)",
    )
    parser.set_defaults(run=run, port=0)


def run(args: argparse.Namespace, console: Console) -> int:
    """Run it; again and again if you like: known packages become versions. 3 when it went wrong."""
    serves = _is_on_a_terminal() if args.serve is None else args.serve
    if serves:
        # First: who waited for the packages should not learn then that the port is taken.
        args.port = args.port or _free_port(args.host)
        require_free(args)
    home = ArchiveHome.from_environment()
    rows = _filled(home, console)
    _print_table(rows, console)
    _print_next_steps(rows, home, console)
    code = 0 if all(row.is_as_expected for row in rows) else 3
    if serves:
        _serve(args, console)
    return code


def _is_on_a_terminal() -> bool:
    """Say whether a person is there who can look at the site and end it.

    Where nobody types, in CI and in scripts, a command that does not end is a command that hangs.
    """
    return sys.stdin.isatty() and sys.stdout.isatty()


def _free_port(host: str) -> int:
    """Return the usual port, or any other where somebody has that."""
    if not why_not_free(host, _PORT):
        return _PORT
    with socket.create_server((host, 0)) as probe:
        found: int = probe.getsockname()[1]
    return found


def _filled(home: ArchiveHome, console: Console) -> list[_Row]:
    """Take the sample set in, into an archive that is made where there is none."""
    from muniment.cli.ingest import wait_for
    from muniment.cli.init import make_archive
    from muniment.ingest.tools import Tools
    from muniment.runtime.registry import adapter_of
    from muniment.samples import build
    from muniment.site.bootstrap import local_administrator, open_archive

    if not home.storage_root.is_dir():
        console.say(f"Making an archive in {home.path} …")
        make_archive(home)
    open_archive()
    # Beside the home: an archive does not take itself in.
    target = home.path.with_name(f"{home.path.name}-samples")
    console.say(f"Writing the sample set to {target} …")
    made = build(target)
    actor = local_administrator()
    submissions = _submit(made, target, _pipeline(actor, console), actor)
    console.say(f"Taking in {len(made)} packages …")
    with adapter_of(Tools):
        wait_for(submissions, console)
    return [_row(*pair) for pair in zip(made, submissions, strict=True)]


def _serve(args: argparse.Namespace, console: Console) -> None:
    """Serve until stopped; the first time somebody is made who can sign in."""
    from muniment.cli.first_administrator import ensure_first_administrator

    console.line()
    ensure_first_administrator(console)
    console.line(f"Serving at {address_of(args)} until Ctrl-C.")
    sys.stdout.flush()
    keep_serving(args)
    console.say(f"Stopped. The archive stays; to go on: {_command()} serve")


def _pipeline(actor: Actor, console: Console) -> str | None:
    """Return the pipeline to use: without virus check where the scanner has no signatures."""
    from muniment.ingest.adapters import find_scanner
    from muniment.ingest.services.pipelines import pipeline_named, save_pipeline
    from muniment.runtime.settings import settings
    from muniment.site.bootstrap import clock

    scanner = find_scanner(settings())
    problem = scanner.problem() if scanner else None
    if not problem:
        return None
    console.say(f"The virus scanner cannot scan ({problem}): the demo goes without.")
    steps = [dict(step) for step in pipeline_named(None).steps]
    for step in steps:
        if step["name"] == "scan":
            step["parameters"] = {"without_scanner": "never"}
    save_pipeline(_PIPELINE, steps, title="Demo without scanner", actor=actor, clock=clock())
    return _PIPELINE


def _submit(
    made: Sequence[Sample], target: Path, pipeline: str | None, actor: Actor
) -> list[Submission]:
    from muniment.ingest.services.submissions import SubmissionRequest, submit
    from muniment.site.bootstrap import clock

    return [
        submit(
            SubmissionRequest(path, pipeline, object_id=_object_made_before(path, actor)),
            actor=actor,
            clock=clock(),
        )
        for path in (sample.path_in(target) for sample in made)
    ]


def _object_made_before(path: Path, actor: Actor) -> str:
    """Return the object that an earlier demo made of this package, "" where there is none."""
    from muniment.information.paths import encode_name
    from muniment.ingest.queries import visible_submissions

    name = encode_name(os.fsencode(path.absolute()))
    known = visible_submissions(actor).filter(source_path=name, state="accepted").first()
    return str(known.object_id) if known else ""


def _row(sample: Sample, submission: Submission) -> _Row:
    from muniment.ingest.queries import findings_in_receipt

    submission.refresh_from_db()
    findings = findings_in_receipt(submission, limit=1000)
    order = {"error": 0, "warning": 1}
    told = sorted(
        (each for each in findings if each["severity"] in order),
        key=lambda each: order[each["severity"]],
    )
    if submission.state == "accepted" and not told:
        return _Row(sample, submission, "")
    if not told:
        return _Row(sample, submission, submission.held_reason)
    where, message = told[0].get("path") or "", told[0]["message"]
    prefix = f"{where}: " if where and where not in message else ""
    more = sum(each["severity"] == "error" for each in told[1:])
    return _Row(sample, submission, prefix + message + (f" (and {more} more)" if more else ""))


def _print_table(rows: Sequence[_Row], console: Console) -> None:
    width = max(len(row.sample.name) for row in rows)
    console.line()
    console.line(f"{'package':<{width}}  {'verdict':<9} {'object':<36}  version")
    for row in rows:
        submission = row.submission
        made = str(submission.object_id or "")
        version = f"v{submission.version}" if submission.version else ""
        console.line(
            f"{row.sample.name:<{width}}  {submission.state:<9} {made:<36}  {version}".rstrip()
        )
        if row.why:
            console.line(f"{'':{width}}  {_shortened(row.why)}")


def _shortened(text: str, most: int = 110) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _print_next_steps(rows: Sequence[_Row], home: ArchiveHome, console: Console) -> None:
    command = _command()
    kept = [row.submission for row in rows if row.submission.state == "accepted"]
    refused = [row.submission for row in rows if row.submission.state == "refused"]
    console.line()
    console.line(f"Where to look next (the archive is {home.path}):")
    for words, meaning in [
        ("object list", "what the archive holds"),
        *((f"object show {one.object_id}", "one object, its events") for one in kept[:1]),
        ("search lighthouse", "find it by words"),
        *((f"submission show {one.submission_id}", "why it was refused") for one in refused[:1]),
        *((f"object export {one.object_id} --to muniment-out", "take it out") for one in kept[:1]),
        ("fixity run --all", "read back every byte"),
        ("check", "is everything fit for use"),
    ]:
        console.line(f"  {command} {words}")
        console.line(f"      {meaning}")


def _command() -> str:
    """Return how this very command can be typed from here."""
    called = Path(sys.argv[0])
    if shutil.which("muniment") == str(called):
        return "muniment"
    here = Path.cwd()
    return str(called.relative_to(here)) if called.is_relative_to(here) else str(called)
