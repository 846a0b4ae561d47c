"""`muniment identify PATH…`: the formats of files, without an archive."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.cli.console import Console
from muniment.runtime.errors import InvalidArgument

if TYPE_CHECKING:
    from muniment.formats.identification import Identification

SUMMARY = "Say which format files have, by the signatures of PRONOM."
NEEDS_ARCHIVE = False


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a file or a folder")
    parser.add_argument(
        "--json", action="store_true", help="one JSON document a line for each file"
    )
    parser.add_argument(
        "--helpers", type=int, default=2, metavar="N", help="helper processes (default: 2)"
    )
    parser.set_defaults(run=run)


def files_under(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files, and those of folders in order of their names; links to folders stay out.

    Raises InvalidArgument for a path that is not there.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise InvalidArgument(f"{path}: there is no such file or folder")
        if not path.is_dir():
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders.sort()
            yield from (Path(folder, name) for name in sorted(names))


def run(args: argparse.Namespace, console: Console) -> int:
    """Print a line for each file; exit 1 when a file could not be looked at."""
    from muniment.formats.identification import Identifier

    if args.helpers < 1:
        raise InvalidArgument("--helpers: at least one helper is needed")
    failures = 0
    show = _show_json if args.json else _show
    with Identifier(helpers=args.helpers) as identifier, console.progress("identify") as progress:
        paths, again = tee(files_under(args.paths))
        for done, (path, found) in enumerate(
            zip(again, identifier.identify(paths), strict=True), 1
        ):
            show(console, path, found)
            failures += found.error is not None
            progress(done, None, "")
    return 1 if failures else 0


def _show_json(console: Console, path: Path, found: Identification) -> None:
    console.document(
        {
            "path": _printable(path),
            "puid": found.puid or None,
            "format": found.format_name or None,
            "version": found.format_version or None,
            "mime_type": found.mime_type or None,
            "basis": found.basis or None,
            "warnings": list(found.warnings),
            "error": found.error,
        }
    )


def _show(console: Console, path: Path, found: Identification) -> None:
    known = " ".join(word for word in (found.format_name, found.format_version) if word)
    doubts = [found.error] if found.error else found.warnings
    doubt = f"  ({'; '.join(doubts)})" if doubts else ""
    console.line(f"{found.puid or '-':10}  {_printable(path)}  {known or 'unknown'}{doubt}")


def _printable(path: Path) -> str:
    """Show bytes that are not UTF-8 as \\xNN."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
