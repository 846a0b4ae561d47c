"""`muniment serve`: site, workers and scheduler under one supervisor."""

from __future__ import annotations

import argparse
import os
import sys

from muniment.cli.console import Console
from muniment.cli.web import add_address, address_of

SUMMARY = "Serve the site and run jobs, all in one (web and worker apart: for larger archives)"
NEEDS_ARCHIVE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_address(parser)
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="jobs at a time (1)")
    parser.add_argument(
        "--grace", type=float, default=30.0, metavar="SECONDS", help="time to finish after SIGTERM"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, console: Console) -> int:
    """Keep the site and the executors alive until stopped; what dies is started again."""
    from muniment.runtime.errors import InvalidArgument
    from muniment.work.supervisor import Supervisor
    from muniment.work.types import Times

    if args.workers < 1:
        raise InvalidArgument(f"--workers {args.workers}: jobs need one process at least")
    muniment = [sys.executable, "-m", "muniment.cli.main"]
    parent = str(os.getpid())
    where = (
        ["--uds", str(args.uds)] if args.uds else ["--host", args.host, "--port", str(args.port)]
    )
    site = [*muniment, "web", "--child-of", parent, "--processes", "1", "--quiet", *where]
    executor = [*muniment, "worker", "--executor-of", parent, "--grace", str(args.grace)]
    console.say(f"Serving at {address_of(args)} with {args.workers} worker(s); Ctrl-C ends it.")
    Supervisor([site, *[executor] * args.workers], Times(grace_s=args.grace)).run()
    console.say("Stopped. What was not finished goes on at the next start.")
    return 0
