"""What a command writes: data to standard output, everything else to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol


class Progress(Protocol):
    """Takes how far a long work is."""

    def __call__(self, done: int, total: int | None, message: str) -> None: ...


def _quiet(done: int, total: int | None, message: str) -> None:
    """Show nothing: standard error is not a terminal."""


@dataclass(frozen=True, slots=True)
class Console:
    """The two output streams of one command; `as_json` is the `--json` flag."""

    as_json: bool = False
    quiet: bool = False

    def document(self, document: object) -> None:
        """Print one JSON document (a line of its own where several are noted)."""
        sys.stdout.write(json.dumps(document, ensure_ascii=False, default=str) + "\n")

    def line(self, text: str = "") -> None:
        """Print a line of the answer; for people, so only without `--json`."""
        sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n")

    def say(self, text: str) -> None:
        """Tell the person something on standard error."""
        if not self.quiet:
            sys.stderr.write(text.encode("utf-8", "backslashreplace").decode() + "\n")

    @contextmanager
    def progress(self, title: str, unit: str = "files") -> Iterator[Progress]:
        """Show a progress bar while the block runs, when standard error is a terminal."""
        if self.quiet or not sys.stderr.isatty():
            yield _quiet
            return
        from tqdm import tqdm

        with tqdm(desc=title, unit=f" {unit}", leave=False) as bar:

            def show(done: int, total: int | None, message: str) -> None:
                bar.total = total
                bar.n = done
                bar.set_postfix_str(message, refresh=False)
                bar.refresh()

            yield show
