"""External programs: started without a shell, limited, watched, kept from the network.

Command prefix: `prlimit`, then bubblewrap where it works (spec execution-and-components §3.10).
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from muniment.runtime.contained.isolation import INSIDE, IsolationLevel, isolation_level
from muniment.runtime.contained.limits import Limits
from muniment.runtime.contained.memory import held_bytes
from muniment.runtime.errors import ToolFailed, ToolTimeout

_TICK_S = 0.1
_MAX_OUTPUT_BYTES = 64 << 20
_ETC = ("alternatives", "fonts", "ld.so.cache", "ImageMagick-6", "ImageMagick-7", "clamav")


@dataclass(frozen=True, slots=True)
class ToolResult:
    """How a program ended by itself: exit status, what it wrote, seconds, isolation level."""

    returncode: int
    stdout: bytes
    stderr: bytes
    elapsed_s: float
    isolation: IsolationLevel


def find_tool(name: str) -> str | None:
    """Return the absolute path of an installed program; None when it is not there."""
    return shutil.which(name)


def _prlimit(limits: Limits, timeout_s: float) -> list[str]:
    cpu_s = limits.cpu_s or int(timeout_s * (os.cpu_count() or 1)) + 1
    words = ["prlimit", f"--data={2 * limits.memory_bytes}", f"--cpu={cpu_s}", "--core=0"]
    words.append(f"--nofile={limits.open_files}")
    if limits.file_bytes is not None:
        words.append(f"--fsize={limits.file_bytes}")
    return [*words, "--"]


def _bubblewrap(inputs: Iterable[Path], workdir: Path | None) -> list[str]:
    """Show the tool its program, the inputs (read-only) and one writable folder; nothing else."""
    words = ["bwrap", "--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64"):
        top = Path("/", name)
        if top.is_symlink():
            words += ["--symlink", str(top.readlink()), str(top)]
        elif top.is_dir():
            words += ["--ro-bind", str(top), str(top)]
    for name in _ETC:
        words += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    words += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]  # noqa: S108  # a new, empty one
    for path in inputs:
        words += ["--ro-bind", str(path.absolute()), str(path.absolute())]
    if workdir is not None:
        words += ["--bind", str(workdir.absolute()), str(workdir.absolute())]
        words += ["--chdir", str(workdir.absolute())]
    words += ["--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts"]
    words += ["--cap-drop", "ALL", "--die-with-parent"]
    if os.geteuid() == 0:
        words += ["--cap-add", "CAP_DAC_READ_SEARCH"]
    return [*words, "--"]


def command_line(
    argv: Sequence[str],
    limits: Limits,
    timeout_s: float,
    inputs: Iterable[Path],
    workdir: Path | None,
) -> tuple[list[str], IsolationLevel]:
    """Return the whole command with its prefixes. Raises ToolFailed: no such program."""
    program = find_tool(argv[0])
    if program is None:
        raise ToolFailed(f"{argv[0]} is not installed")
    command = [program, *argv[1:]]
    prefix = _prlimit(limits, timeout_s)
    if INSIDE in os.environ or isolation_level() is IsolationLevel.RLIMIT:
        # Inside a contained process the walls stand already.
        return [*prefix, "setpriv", "--pdeathsig", "KILL", "--", *command], isolation_level()
    own = Path(program).resolve()
    if not own.is_relative_to("/usr"):
        inputs = [*inputs, own, Path(program)]
    return [*prefix, *_bubblewrap(inputs, workdir), *command], IsolationLevel.BWRAP


def run_tool(  # noqa: PLR0913  # what a program gets, one by one
    argv: Sequence[str],
    *,
    timeout_s: float,
    inputs: Iterable[Path] = (),
    workdir: Path | None = None,
    limits: Limits | None = None,
    check: Callable[[], None] | None = None,
    stdin: int = subprocess.DEVNULL,
) -> ToolResult:
    """Run a program to its end and return what it said; an exit status is no error here.

    It sees `inputs` read-only at their own paths, `workdir` writable (its current directory and
    TMPDIR), the descriptor `stdin`, no network and, behind bubblewrap, nothing else of ours.
    `check` is called every 0.1 s and stops it by raising. Raises ToolTimeout after `timeout_s`
    seconds of wall time; ToolFailed: not installed, ended by a signal, too much memory, more than
    64 MiB of output.
    """
    limits = limits or Limits()
    command, isolation = command_line(argv, limits, timeout_s, inputs, workdir)
    started = time.monotonic()
    with subprocess.Popen(  # noqa: S603  # words, no shell; the prefix is ours
        command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=workdir or "/",
        env=_environment(workdir),
        start_new_session=True,
    ) as process:
        try:
            stdout, stderr = _collect(process, argv[0], limits, started + timeout_s, check)
        finally:
            with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
                os.killpg(process.pid, signal.SIGKILL)
    code = process.returncode
    if code < 0 or code > 128:
        number = -code if code < 0 else code - 128
        raise ToolFailed(f"{argv[0]} was ended by signal {number}: {_tail(stderr)}")
    return ToolResult(code, stdout, stderr, time.monotonic() - started, isolation)


def _environment(workdir: Path | None) -> dict[str, str]:
    folder = str(workdir.absolute()) if workdir else "/tmp"  # noqa: S108  # the tool's own
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": folder,
        "TMPDIR": folder,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
    }


def _tail(output: bytes) -> str:
    return output[-500:].decode("utf-8", "backslashreplace").strip()


def _collect(
    process: subprocess.Popen[bytes],
    name: str,
    limits: Limits,
    deadline: float,
    check: Callable[[], None] | None,
) -> tuple[bytes, bytes]:
    """Read both outputs until the program ends; watch time, memory and cancellation."""
    assert process.stdout is not None
    assert process.stderr is not None
    outputs = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
    poll = select.poll()
    for descriptor in outputs:
        poll.register(descriptor, select.POLLIN)
    is_open = len(outputs)
    looked = time.monotonic()
    while is_open:
        for descriptor, _ in poll.poll(_TICK_S * 1000):
            data = os.read(descriptor, 1 << 16)
            outputs[descriptor] += data
            if not data:
                poll.unregister(descriptor)
                is_open -= 1
        now = time.monotonic()
        if now > deadline:
            raise ToolTimeout(f"{name} did not end in time and was killed")
        if sum(map(len, outputs.values())) > _MAX_OUTPUT_BYTES:
            raise ToolFailed(f"{name} wrote more than {_MAX_OUTPUT_BYTES >> 20} MiB of output")
        if now > looked + _TICK_S:
            looked = now
            if (used := held_bytes(process.pid)) > limits.memory_bytes:
                raise ToolFailed(f"{name} used {used >> 20} MiB of memory and was killed")
            if check is not None:
                check()
    _wait(process, name, deadline)
    stdout, stderr = outputs.values()
    return bytes(stdout), bytes(stderr)


def _wait(process: subprocess.Popen[bytes], name: str, deadline: float) -> None:
    """A program may close its outputs and go on; it still has only its time."""
    try:
        process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as exc:
        raise ToolTimeout(f"{name} did not end in time and was killed") from exc
