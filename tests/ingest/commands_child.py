"""Child process: runs several commands of one archive in turn, at the price of one start."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import sys

from muniment.cli.main import main


def run(words: list[str]) -> dict[str, object]:
    """Run one command; return its exit code and what it printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = main(words)
    return {"code": code, "out": printed.getvalue()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps([run(shlex.split(words)) for words in sys.argv[1:]]))
