"""`muniment serve`: site, workers and scheduler under one supervisor."""

from __future__ import annotations

import argparse
import os
import sys

from muniment.cli.console import Console
from muniment.cli.web import add_address, address_of, require_free

SUMMARY = "Serve the site and run jobs, all in one (web and worker apart: for larger archives)"
NEEDS_ARCHIVE = True
_MOST_PROCESSES = 4


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_serving(parser)
    parser.add_argument(
        "--reload",
        action="store_true",
        help="start again when a source, template or style changes (to work on Muniment itself)",
    )
    parser.set_defaults(run=run)


def add_serving(parser: argparse.ArgumentParser) -> None:
    """Add where to listen, and how many jobs run beside."""
    add_address(parser)
    parser.add_argument(
        "--processes",
        type=int,
        default=min(os.cpu_count() or 1, _MOST_PROCESSES),
        metavar="N",
        help=f"of the site, 100 MB each (one a core, {_MOST_PROCESSES} at most)",
    )
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="jobs at a time (1)")
    parser.add_argument(
        "--grace", type=float, default=30.0, metavar="SECONDS", help="time to finish after SIGTERM"
    )


def run(args: argparse.Namespace, console: Console) -> int:
    """Keep the site and the executors alive until stopped; what dies is started again."""
    from muniment.runtime.errors import InvalidArgument

    if args.workers < 1:
        raise InvalidArgument(f"--workers {args.workers}: jobs need one process at least")
    if args.processes < 1:
        raise InvalidArgument(f"--processes {args.processes}: the site needs one at least")
    require_free(args)
    console.say(f"Serving at {address_of(args)} with {args.workers} worker(s); Ctrl-C ends it.")
    keep_serving(args, reloads=args.reload)
    console.say("Stopped. What was not finished goes on at the next start.")
    return 0


def keep_serving(args: argparse.Namespace, *, reloads: bool = False) -> None:
    """Supervise until SIGTERM or Ctrl-C; then every child has ended."""
    from muniment.cli.sources import SourceWatch
    from muniment.cli.supervising import supervisor_of

    muniment = [sys.executable, "-m", "muniment.cli.main"]
    parent = str(os.getpid())
    where = (
        ["--uds", str(args.uds)] if args.uds else ["--host", args.host, "--port", str(args.port)]
    )
    site = [*muniment, "web", "--child-of", parent, "--quiet", *where]
    site += ["--processes", str(args.processes)]
    executor = [*muniment, "worker", "--executor-of", parent, "--grace", str(args.grace)]
    commands = [site + ["--development"] * reloads, *[executor] * args.workers]
    supervisor = supervisor_of(commands, grace_s=args.grace)
    if reloads:
        supervisor.is_outdated = SourceWatch().has_changed
    supervisor.run()
