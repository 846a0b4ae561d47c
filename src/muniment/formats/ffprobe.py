"""ffprobe reads every packet of what is coded; asked within an examination helper."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from muniment.formats.types import ToolUse
from muniment.runtime.errors import ToolFailed, ToolTimeout
from muniment.runtime.tools import find_tool, run_tool

_PROBE = (
    *("-v", "error", "-protocol_whitelist", "file"),
    *("-count_packets", "-show_entries", "stream=index", "-of", "csv=p=0"),
)
# Less than what the helper itself gets for the file, so that only ffprobe is given up.
_BASE_S = 15.0
_VERSION_S = 5.0
_RATE_BYTES_S = 4 << 20
_MOST_FAILURES = 3
_SEEN, _NOT_READABLE = 0, 1
_VERSION = re.compile(rb"ffprobe version (\S+)")
_STREAMS = re.compile(rb"(\d+[,\s]*)*")


class Ffprobe:
    """Asked about one file at a time.

    `problem` says why it is asked nothing more: it does not run, or failed for three files in a
    row. It is "" while all is well.
    """

    def __init__(self, program: str = "ffprobe", *, base_s: float = _BASE_S) -> None:
        self._program = program
        self._base_s = base_s
        self._failures = 0
        self.problem = ""
        self.use = ToolUse("ffprobe", self._version())

    def _version(self) -> str:
        try:
            said = run_tool([self._program, "-version"], timeout_s=min(_VERSION_S, self._base_s))
        except (ToolFailed, ToolTimeout) as exc:
            self.problem = f"ffprobe does not run: {exc}"
            return ""
        found = _VERSION.match(said.stdout)
        if found is None:
            self.problem = "ffprobe does not run: it printed garbage for its version"
            return ""
        return found[1].decode("utf-8", "replace")

    def problems_of(self, path: Path) -> list[str]:
        """Return what is wrong with a file, in ffprobe's words.

        Raises ToolFailed, ToolTimeout: that says nothing of the file.
        """
        if self.problem:
            raise ToolFailed(self.problem)
        try:
            said = self._probe(path)
        except (ToolFailed, ToolTimeout) as exc:
            self._failures += 1
            if self._failures >= _MOST_FAILURES:
                self.problem = f"ffprobe is asked nothing more: {exc}"
            raise
        self._failures = 0
        return said

    def _probe(self, path: Path) -> list[str]:
        done = run_tool(
            [self._program, *_PROBE, "-i", str(path)],
            timeout_s=self._base_s + path.stat().st_size / _RATE_BYTES_S,
            inputs=[path],
        )
        lines = done.stderr.decode("utf-8", "replace").splitlines()
        said = [line for line in lines if line.strip()]
        if done.returncode not in {_SEEN, _NOT_READABLE}:
            raise ToolFailed(f"ffprobe ended with {done.returncode}: {'; '.join(said)[-200:]}")
        if not _STREAMS.fullmatch(done.stdout):
            raise ToolFailed("ffprobe printed garbage")
        if done.returncode == _NOT_READABLE and not said:
            said.append("ffprobe cannot read it")
        return said


@cache
def ffprobe() -> Ffprobe | None:
    """Return the one of this process; None where it is not installed."""
    return None if find_tool("ffprobe") is None else Ffprobe()
