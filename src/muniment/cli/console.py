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


def _harmless(text: str) -> str:
    """Make visible what would move the cursor or colour the screen: names are not to be trusted."""
    if text.isascii() and text.isprintable():
        return text
    from muniment.cli.tables import plain

    return "\n".join(map(plain, text.split("\n")))


def _writable(text: str, encoding: str | None) -> str:
    """Escape what the stream cannot say."""
    known = encoding or "utf-8"
    return text.encode(known, "backslashreplace").decode(known)


@dataclass(frozen=True, slots=True)
class Console:
    """The two output streams of one command; `as_json` is the `--json` flag."""

    as_json: bool = False
    quiet: bool = False

    def document(self, document: object) -> None:
        """Print one JSON document (a line of its own where several are noted)."""
        text = json.dumps(document, ensure_ascii=False, default=str)
        try:
            text.encode(sys.stdout.encoding or "utf-8")
        except UnicodeEncodeError:  # names that are no text, or a stream that knows few letters
            text = json.dumps(document, default=str)
        self.text(text)

    def text(self, text: str) -> None:
        """Print a text for programs as it stands: a document, a script."""
        sys.stdout.write(_writable(text, sys.stdout.encoding) + "\n")

    def line(self, text: str = "") -> None:
        """Print a line of the answer; for people, so only without `--json`."""
        sys.stdout.write(_writable(_harmless(text), sys.stdout.encoding) + "\n")

    def say(self, text: str) -> None:
        """Tell the person something on standard error."""
        if not self.quiet:
            sys.stderr.write(_writable(_harmless(text), sys.stderr.encoding) + "\n")

    def complain(self, text: str) -> None:
        """Tell why the command failed, also when it is quiet."""
        sys.stderr.write(_writable(_harmless(f"muniment: {text}"), sys.stderr.encoding) + "\n")

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
