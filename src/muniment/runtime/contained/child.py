"""The contained process: `python -m muniment.runtime.contained.child SETUP`.

Reads calls from standard input, answers on what was standard output; anything that a library
prints goes to standard error. Imports as little as possible before the first call.
"""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import BinaryIO

import orjson

from muniment.runtime.contained.wire import HEADER, frame

_F_SETSIG = 10  # fcntl.h; the module names it only from Python 3.12
Report = Callable[[int, "int | None", str], None]


def die_with_parent(lifeline: int) -> None:
    """Let the kernel kill this process when the parent's end of the pipe closes.

    PR_SET_PDEATHSIG would kill it as soon as the *thread* that started it ends; and a thread of
    our own cannot watch, because pygfried holds the interpreter's lock.
    """
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, _F_SETSIG, signal.SIGKILL)
    flags = fcntl.fcntl(lifeline, fcntl.F_GETFL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, flags | os.O_ASYNC | os.O_NONBLOCK)
    try:
        os.read(lifeline, 1)
    except BlockingIOError:
        return  # the parent lives: nothing to read, and not at its end
    os._exit(1)


def limit_resources(setup: Mapping[str, int | None]) -> None:
    """Set the limits that the kernel keeps; a lower hard limit of the machine stays."""
    for name, value in setup.items():
        kind = getattr(resource, name)
        if value is None:
            continue
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)  # noqa: PLW2901  # the machine may allow less
        resource.setrlimit(kind, (value, value))


def _limit_cpu(seconds: int | None) -> None:
    """Allow this call that many seconds more than what was used so far."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = hard if seconds is None else int(time.process_time()) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _describe(exc: BaseException) -> dict[str, object]:
    """Put an error into words that the parent makes the same error of."""
    from muniment.runtime.errors import DecisionNeeded, InvalidPackage, MunimentError

    if isinstance(exc, MemoryError):
        return {"class": "ToolFailed", "message": "it ran out of memory"}
    if not isinstance(exc, MunimentError):
        import traceback

        return {"class": "", "message": "".join(traceback.format_exception(exc))[-4000:]}
    described: dict[str, object] = {"class": type(exc).__name__, "message": str(exc)}
    if isinstance(exc, InvalidPackage):
        described["findings"] = [finding.as_json() for finding in exc.findings]
    if isinstance(exc, DecisionNeeded):
        described["choices"] = list(exc.choices)
    return described


def answer(request: Mapping[str, object], report: Report) -> dict[str, object]:
    """Run one call; whatever it raises becomes part of the answer."""
    module, _, name = str(request["call"]).partition(":")
    try:
        _limit_cpu(request.get("cpu_s"))  # type: ignore[arg-type]  # the parent sends int or null
        return {"result": getattr(import_module(module), name)(request["arguments"], report)}
    except Exception as exc:  # noqa: BLE001  # the outermost frame of this process
        return {"error": _describe(exc)}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer calls, one after the other, until the parent closes the pipe."""

    def send(document: object) -> None:
        answers.write(frame(document))
        answers.flush()

    def report(done: int, total: int | None, message: str) -> None:
        send({"progress": [done, total, message]})

    while header := requests.read(HEADER.size):
        _, size = HEADER.unpack(header)
        send(answer(orjson.loads(requests.read(size)), report))


def main() -> None:
    """Set this process up as its argument says, then serve."""
    setup = orjson.loads(sys.argv[1])
    die_with_parent(setup["lifeline"])
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    limit_resources(setup["limits"])
    # Ctrl-C on the terminal is for the parent, which ends this process when it wants to.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(requests, answers)


if __name__ == "__main__":
    main()
