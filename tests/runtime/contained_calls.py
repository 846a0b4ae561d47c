"""Calls that behave badly on purpose; they run in contained processes only."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from muniment.runtime.errors import DecisionNeeded, InvalidPackage, NoSpace
from muniment.runtime.findings import Finding, Severity

Report = Callable[[int, "int | None", str], None]


def echo(arguments: object, report: Report) -> object:
    return arguments


def count(arguments: int, report: Report) -> int:
    for number in range(arguments):
        report(number, arguments, f"file {number}")
    return arguments


def hang(arguments: object, report: Report) -> None:
    signal.pause()


def spin(arguments: object, report: Report) -> None:
    while True:
        pass


def crash(arguments: object, report: Report) -> None:
    sys.stderr.write("about to crash\n")
    sys.stderr.flush()
    ctypes.string_at(0)


def leave(arguments: int, report: Report) -> None:
    os._exit(arguments)


def map_file(arguments: str, report: Report) -> int:
    """Look at every page of a file by a map; return their number."""
    import mmap

    with (
        Path(arguments).open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, prot=mmap.PROT_READ) as area,
    ):
        pages = sum(area[offset] == 0 for offset in range(0, len(area), mmap.PAGESIZE))
        time.sleep(0.5)  # for the watcher
        return pages


def eat_memory(arguments: int, report: Report) -> int:
    """Touch pages that RLIMIT_DATA does not count: only the watcher can see them."""
    import mmap

    area = mmap.mmap(-1, arguments, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
    for offset in range(0, arguments, mmap.PAGESIZE):
        area[offset] = 1
    time.sleep(30)
    return arguments


def allocate(arguments: int, report: Report) -> int:
    return len(bytearray(arguments))


def print_garbage(arguments: object, report: Report) -> str:
    print("\x00\xff garbage" * 20_000)  # noqa: T201  # that is the point
    return "still fine"


def answer_garbage(arguments: str, report: Report) -> None:
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, bytes.fromhex(arguments))
        except OSError:
            continue
    signal.pause()


def write_file(arguments: list[object], report: Report) -> int:
    path, size = arguments
    return Path(str(path)).write_bytes(bytes(int(str(size))))


def call_home(arguments: list[object], report: Report) -> str:
    host, port = arguments
    try:
        socket.create_connection((str(host), int(str(port))), timeout=5).close()
    except OSError as exc:
        return f"refused: {exc}"
    return "connected"


def limits_here(arguments: object, report: Report) -> dict[str, int]:
    import resource

    return {
        name: resource.getrlimit(getattr(resource, name))[0]
        for name in ("RLIMIT_CORE", "RLIMIT_DATA", "RLIMIT_NOFILE")
    }


def environment(arguments: object, report: Report) -> dict[str, str]:
    return dict(os.environ)


def own_pid(arguments: object, report: Report) -> int:
    return os.getpid()


def start_child(arguments: object, report: Report) -> None:
    """Start a process that would outlive this one, then hang."""
    if os.fork() == 0:
        signal.pause()
    report(1, None, "started")
    signal.pause()


def refuse_package(arguments: object, report: Report) -> None:
    findings = [
        Finding(code=f"X{i}", severity=Severity.ERROR, message="bad", path=f"é{i}")
        for i in range(2)
    ]
    raise InvalidPackage("two faults", findings)


def ask(arguments: object, report: Report) -> None:
    raise DecisionNeeded("which?", ("a", "b"))


def fill_disk(arguments: object, report: Report) -> None:
    raise NoSpace("the disk is full")


def fail(arguments: object, report: Report) -> None:
    raise KeyError("a bug")
