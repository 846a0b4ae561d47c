"""`muniment web`: serve pages and API, without workers."""

from __future__ import annotations

import argparse
import os
import signal
import socket
from pathlib import Path

from muniment.cli.console import Console

SUMMARY = "Serve the site and its API (a worker beside it does the long work)"
NEEDS_ARCHIVE = False
_LAST_CALL_S = 30
_THREADS = 16
"""For pages and the API, whoever watches."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_address(parser)
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, metavar="N", help="one a core"
    )
    parser.add_argument("--child-of", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--development", action="store_true", help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def add_address(parser: argparse.ArgumentParser) -> None:
    """Add where to listen."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument("--uds", type=Path, metavar="PATH", help="a Unix socket instead of a port")


def address_of(args: argparse.Namespace) -> str:
    """Return where the site is reached."""
    return str(args.uds) if args.uds else f"http://{args.host}:{args.port}/"


def require_free(args: argparse.Namespace) -> None:
    """Raise InvalidArgument, which says what to do, when nobody can listen at the address."""
    if args.uds:
        return
    from muniment.runtime.errors import InvalidArgument

    problem = why_not_free(args.host, args.port)
    if problem:
        raise InvalidArgument(
            f"cannot listen on {args.host}:{args.port}: {problem}; "
            "choose another place by --port or --host"
        )


def why_not_free(host: str, port: int) -> str:
    """Return why nobody can listen there now, "" when somebody can."""
    if not 0 < port < 1 << 16:
        return "there is no such port"
    try:
        with socket.create_server((host, port), family=_family_of(host)):
            return ""
    except OSError as exc:
        return (exc.strerror or str(exc)).lower()


def _family_of(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _hear_signals() -> None:
    """Let a process of the site end when it is told to while it starts.

    Until it serves it has the handlers of the process that it was forked from, which only note
    there that somebody called; it would be waited for.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def run(args: argparse.Namespace, console: Console) -> int:
    """Serve until stopped; SIGTERM lets the requests under way end."""
    from granian.constants import Interfaces
    from granian.server import Server

    from muniment.runtime.home import ArchiveHome
    from muniment.site.bootstrap import check_archive
    from muniment.web import WATCHERS

    if args.child_of:
        from muniment.runtime.lifetime import die_with_parent

        die_with_parent(args.child_of)
    check_archive(ArchiveHome.from_environment())
    if not args.child_of:
        require_free(args)
    console.say(f"Serving at {address_of(args)}; Ctrl-C ends it.")
    os.register_at_fork(after_in_child=_hear_signals)
    Server(
        f"muniment.site.wsgi:{'development' if args.development else 'application'}",
        address=args.host,
        port=args.port,
        uds=args.uds,
        # Whoever may enter its folder may speak to it, as with a port.
        uds_permissions=0o666,
        interface=Interfaces.WSGI,
        factory=True,
        workers=args.processes,
        workers_kill_timeout=_LAST_CALL_S,
        # Threads are made when they are needed: watching pages each take one that sleeps.
        blocking_threads=_THREADS + WATCHERS,
        websockets=False,
        log_enabled=not args.quiet,
    ).serve()
    return 0
