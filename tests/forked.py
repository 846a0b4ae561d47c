"""A process of its own for a command, forked from this one: without the time of a start.

Most of the time of a short command goes into loading the framework, which this process has loaded.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import logging
import os
import select
import signal
import subprocess
import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from muniment.runtime import failpoints

_ENTRANCES: list[Callable[[], object]] = []
_OF_THE_PARENT: list[object] = []
"""Connections that a child must not close, nor let be closed."""


def on_entering(call: Callable[[], object]) -> None:
    """Let every child begin with `call`."""
    _ENTRANCES.append(call)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended (below 0: the signal that killed it) and what it wrote."""

    code: int
    out: str
    err: str


def forked(
    call: Callable[[], int], *, environment: dict[str, str], folder: Path, timeout_s: float
) -> Ended:
    """Run `call` in a process with this environment and working folder, to its end.

    subprocess.TimeoutExpired when it does not end in time; it is killed then.
    """
    with _written("out") as out, _written("err") as err:
        pid = os.fork()
        if not pid:
            _be_the_child(call, environment, folder, out.fileno(), err.fileno())
        code = _wait(pid, timeout_s)
        return Ended(code, _text(out), _text(err))


def executed(
    command: list[str], *, environment: dict[str, str], folder: Path, timeout_s: float
) -> Ended:
    """Run a command the usual way, likewise."""
    done = subprocess.run(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout_s,
        check=False,
    )
    return Ended(
        done.returncode,
        done.stdout.decode("utf-8", "backslashreplace"),
        done.stderr.decode("utf-8", "backslashreplace"),
    )


def may_fork(home: Path) -> bool:
    """Say whether nothing of an archive is open here: a child would share SQLite's locks."""
    for number in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the folder's own is closed by now
            if number.readlink().is_relative_to(home):
                return False
    return True


def _written(name: str) -> io.BufferedReader:
    return os.fdopen(os.memfd_create(name), "rb")


def _wait(pid: int, timeout_s: float) -> int:
    watched = os.pidfd_open(pid)
    try:
        ended, _, _ = select.select([watched], [], [], timeout_s)
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    finally:
        os.close(watched)
    if not ended:
        os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if not ended:
        raise subprocess.TimeoutExpired("the forked command", timeout_s)
    return code


def _text(file: io.BufferedReader) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "backslashreplace")


def _be_the_child(
    call: Callable[[], int], environment: dict[str, str], folder: Path, out: int, err: int
) -> NoReturn:
    """Become like a process that was just started, run, and end without the parent's ends."""
    code = 1
    try:
        for number, source in enumerate((os.open(os.devnull, os.O_RDONLY), out, err)):
            os.dup2(source, number)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115  # until the process ends
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        code = _call(call, environment, folder)
    except SystemExit as exc:
        code = exc.code if isinstance(exc.code, int) else 1
    except Exception:  # noqa: BLE001  # a fault ends the process, as it would any
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _call(call: Callable[[], int], environment: dict[str, str], folder: Path) -> int:
    gc.freeze()  # what the parent has open is the parent's to close
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["muniment"]
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    warnings.resetwarnings()
    logging.root.handlers.clear()
    importlib.reload(failpoints)  # it reads the environment once
    for entrance in _ENTRANCES:
        entrance()
    _take_the_database()
    return call()


def _take_the_database() -> None:
    """Point the framework at the database of this environment, beside the parent's connection."""
    from django.db import connections

    from muniment.runtime.errors import InvalidSettings
    from muniment.runtime.settings import settings
    from muniment.site.settings import databases

    settings.cache_clear()
    _OF_THE_PARENT.append(connections["default"])
    del connections["default"]
    with contextlib.suppress(InvalidSettings):  # wrong settings are for the command to complain of
        connections.settings["default"].update(databases()["default"])
