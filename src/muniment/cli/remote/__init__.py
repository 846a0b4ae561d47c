"""Commands against an archive elsewhere: `muniment --server URL …`, over its REST API alone.

The counterpart of `muniment.cli.NAME.run` is `muniment.cli.remote.NAME.run`: it asks the server and
prints by the same functions. What has none works only beside the archive.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from muniment.cli.arguments import Run
from muniment.cli.console import Console
from muniment.client import Client
from muniment.runtime.errors import InvalidArgument

RemoteRun = Callable[[argparse.Namespace, Console, Client], int]


def run_remote(args: argparse.Namespace, console: Console) -> int:
    """Run the counterpart of the command. Raises InvalidArgument where there is none."""
    counterpart = counterpart_of(args.run)
    if counterpart is None:
        raise InvalidArgument(
            f"`muniment {args.verb}` as it is written here works only beside the archive, "
            "without --server"
        )
    if getattr(args, "dry_run", False) and args.verb != "ingest":
        raise InvalidArgument("--dry-run is not known to a server; nothing was done")
    return counterpart(args, console, _client(args.server, console))


def counterpart_of(run: Run) -> RemoteRun | None:
    """Return what does the same over the API."""
    name = f"{__name__}.{run.__module__.rpartition('.')[2]}"
    if find_spec(name) is None:
        return None
    found: RemoteRun | None = getattr(import_module(name), run.__name__, None)
    return found


def _client(url: str, console: Console) -> Client:
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        console.say("Warning: by http everybody on the way can read the token; use https.")
    return Client.at(url, _token())


def _token() -> str:
    """Return the token of MUNIMENT_TOKEN, or what is in the file that MUNIMENT_TOKEN_FILE names."""
    if token := os.environ.get("MUNIMENT_TOKEN", "").strip():
        return token
    named = os.environ.get("MUNIMENT_TOKEN_FILE", "")
    if not named:
        raise InvalidArgument(
            "a server wants a token: set MUNIMENT_TOKEN, or MUNIMENT_TOKEN_FILE to a file with it"
        )
    try:
        return Path(named).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise InvalidArgument(f"the token in {named} cannot be read: {exc}") from exc
