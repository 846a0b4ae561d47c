"""`muniment ingest --watch FOLDER`: hand in what appears in a folder, until stopped."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from muniment.cli.console import Console
from muniment.cli.ingest import report, wait_for
from muniment.runtime.errors import InvalidArgument


def watch(args: argparse.Namespace, console: Console) -> int:
    """Look every `--interval` seconds; with `--json` print one line for each round that took any.

    SIGTERM and Ctrl-C end it after the packages under way.
    """
    from muniment.ingest.services.watching import WatchedFolder, take_settled
    from muniment.site.bootstrap import clock, local_administrator

    if args.dry_run or args.object:
        raise InvalidArgument("--watch takes packages in for good, each for itself")
    folders = [_folder(path) for path in args.paths]
    watched = [WatchedFolder(folder, settle_s=args.interval) for folder in folders]
    console.say(f"Watching {', '.join(map(str, folders))}; Ctrl-C ends it.")
    with _stopped_by_signals() as stopped:
        while not stopped.is_set():
            for each in watched:
                new = take_settled(
                    each, pipeline=args.pipeline, actor=local_administrator(), clock=clock()
                )
                if new:
                    if args.runs_steps:
                        wait_for(new, console)
                    report(new, console)
            stopped.wait(args.interval)
    return 0


def _folder(path: str) -> Path:
    folder = Path(path)
    if not folder.is_dir():
        raise InvalidArgument(f"{path} is no folder, so it cannot be watched")
    return folder


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """Give what SIGTERM and Ctrl-C set while the block runs."""
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, stop) for number in numbers]
    try:
        yield stopped
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
