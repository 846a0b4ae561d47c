"""Child process: runs several commands of one archive in turn, at the price of one start."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import sys
from collections.abc import Sequence

from muniment.cli.main import main


def run(words: list[str]) -> dict[str, object]:
    """Run one command; return its exit code and what it printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = main(words)
    return {"code": code, "out": printed.getvalue()}


def run_all(lines: Sequence[str]) -> int:
    """Run each line; print the list of answers when all have come to their end."""
    sys.stdout.write(json.dumps([run(shlex.split(words)) for words in lines]))
    return 0


if __name__ == "__main__":
    run_all(sys.argv[1:])
