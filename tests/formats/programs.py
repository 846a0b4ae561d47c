"""Programs of a test's own in the place of installed ones: they hang, crash or print garbage."""

from __future__ import annotations

from pathlib import Path

HANGS = "exec sleep 3600"
CRASHES = "kill -SEGV $$"
GARBAGE = "printf '\\000\\377]]{[ garbage: OK'"
ENDLESS = "exec yes garbage"


def a_program(folder: Path, name: str, script: str) -> Path:
    """Write an executable shell script; it needs nothing that bubblewrap hides."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program
