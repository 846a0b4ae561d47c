"""Embedded metadata by ExifTool, kept open: a start for each file would cost 0.1 s.

Runs inside an examination helper, so it is contained with it.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Self

import orjson

from muniment.formats.types import ToolUse
from muniment.runtime.errors import ToolFailed, ToolTimeout
from muniment.runtime.tools import find_tool

PROGRAM = "exiftool"
# With -stay_open it does not end when its input does: without this it would outlive its helper.
_DIE_WITH_US = ("setpriv", "--pdeathsig", "KILL", "--")
_STAY_OPEN = ("-config", os.devnull, "-stay_open", "True", "-@", "-")
_READY = b"{ready}\n"
_QUESTION = (
    "-j",
    "-G1",
    "-fast",
    "-api",
    "LargeFileSupport=1",
    "--System:all",
    "--File:all",
    "--Composite:all",
    "--ExifTool:ExifToolVersion",
    "--ICC-header:all",
    "--ICC_Profile:all",
    "--ZIP:all",
)
# Six tries find the one bad file of a batch, within the time that its helper has for the batch.
_BASE_S = 6.0
_RATE_BYTES_S = 10 << 20
_MOST_TAGS = 200
_MOST_OUTPUT_BYTES = 64 << 20
_MOST_FAILURES = 3
_VERSION = re.compile(rb"\d+\.\d+\S*")


class ExifTool:
    """One ExifTool process that is asked about files, started when first needed or by `start`.

    `problem` says why it is asked nothing more: it does not run, or failed for three files in a
    row. It is "" while all is well.
    """

    def __init__(self, program: str = PROGRAM, *, base_s: float = _BASE_S) -> None:
        self._program = program
        self._base_s = base_s
        self._process: subprocess.Popen[bytes] | None = None
        self._version = ""
        self._failures = 0
        self.problem = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it is at."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):  # a question that it did not live to read
                stream.close()

    def ask(self, paths: Sequence[str]) -> None:
        """Send the question and return; `answers` waits. Paths are absolute, without line ends."""
        if not self.problem:
            self.start()
            self._send([*_QUESTION, *paths])

    def start(self) -> None:
        """Start the process, unless it runs, and return: it loads while others work."""
        if self._process is not None:
            return
        self._process = subprocess.Popen(  # noqa: S603  # fixed words; the walls are around us
            [*_DIE_WITH_US, self._program, *_STAY_OPEN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=1 << 16,
        )

    def version(self) -> str:
        """Return what it says of itself, once asked; "" when it does not run."""
        if not self._version and not self.problem:
            self.start()
            self._send(["-ver"])
            try:
                self._version = _version(self._read(self._base_s))
            except (ToolFailed, ToolTimeout) as exc:
                self._give_up(f"ExifTool does not run: {exc}")
        return self._version

    def _give_up(self, problem: str) -> None:
        self.close()
        self.problem = problem

    def _send(self, lines: Sequence[str]) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(b"\n".join(map(os.fsencode, [*lines, "-execute", ""])))
            self._process.stdin.flush()
        except BrokenPipeError:
            return  # it died; who reads the answer sees its end

    def answers(self, paths: Sequence[str], size_bytes: int) -> list[Mapping[str, str] | str]:
        """Return the properties of each file asked about, or why there are none.

        When ExifTool dies, hangs or prints garbage, it is started again and the files are halved
        until the one that did it is found.
        """
        if self.problem:
            return [self.problem] * len(paths)
        try:
            found = _parse(self._read(self._base_s + size_bytes / _RATE_BYTES_S))
        except (ToolFailed, ToolTimeout) as exc:
            self.close()
            if len(paths) == 1:
                return [self._failed(str(exc))]
            middle = len(paths) // 2
            answers = []
            for half in (paths[:middle], paths[middle:]):
                self.ask(half)
                answers += self.answers(half, size_bytes)
            return answers
        self._failures = 0
        return [found.get(path, {}) for path in paths]

    def _failed(self, reason: str) -> str:
        """Count a file that brought it down: it may be the tool that is at fault."""
        self._failures += 1
        if self._failures >= _MOST_FAILURES:
            self._give_up(f"ExifTool is asked nothing more: {reason}")
        return reason

    def _read(self, limit_s: float) -> bytes:
        """Return its answer to the oldest question; ToolTimeout, ToolFailed when it died."""
        assert self._process is not None
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        deadline = time.monotonic() + limit_s
        output = bytearray()
        while not output.endswith(_READY):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise ToolTimeout(f"ExifTool did not end within {limit_s:g} s")
            block = os.read(descriptor, 1 << 18)
            if not block:
                raise ToolFailed("ExifTool died")
            output += block
            if len(output) > _MOST_OUTPUT_BYTES:
                raise ToolFailed("ExifTool printed garbage without end")
        return bytes(output).removesuffix(_READY)


@cache
def exiftool() -> ExifTool | None:
    """Return the one of this process, starting; None where it is not installed."""
    if find_tool(PROGRAM) is None:
        return None
    tool = ExifTool()
    tool.start()
    return tool


@cache
def exiftool_use() -> ToolUse | None:
    """Return the tool with its version; None where it is not installed or does not run."""
    tool = exiftool()
    version = tool.version() if tool else ""
    return ToolUse("ExifTool", version) if version else None


def _version(said: bytes) -> str:
    if not _VERSION.fullmatch(said.strip()):
        raise ToolFailed("it printed garbage for its version")
    return said.strip().decode("ascii")


def _parse(output: bytes) -> dict[str, Mapping[str, str]]:
    if not output.strip():
        return {}  # nothing is known of any of the files
    try:
        files: Any = orjson.loads(output.decode("utf-8", "replace"))
        return {file.pop("SourceFile"): _properties(file) for file in files}
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        raise ToolFailed("ExifTool printed garbage") from exc


def _properties(tags: Mapping[str, object]) -> dict[str, str]:
    """Name the tags `exiftool.<group>.<tag>`, at most 200 of them."""
    return {
        "exiftool." + name.replace(":", ".", 1): str(value)
        for name, value in list(tags.items())[:_MOST_TAGS]
        if value not in ("", None)
    }
