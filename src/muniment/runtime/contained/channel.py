"""The pipes to one contained process: frames both ways, its last words, its end."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence

from muniment.runtime.contained.memory import held_bytes
from muniment.runtime.contained.wire import Garbage, take_frame

_STDERR_BYTES = 4096


class Closed(Exception):
    """The process has ended, or at least its answers have; the text says how."""


class Channel:
    """A started process. None of its pipes ever blocks the parent."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], *, keep: tuple[int, int]
    ) -> None:
        """Start the command, which inherits the first descriptor of `keep`.

        The second one stays open here as long as the process may live.
        """
        self._lifeline = keep[1]
        self._process = subprocess.Popen(  # noqa: S603  # our own module, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=environment,
            cwd="/",
            pass_fds=keep[:1],
            start_new_session=True,
        )
        streams = (self._process.stdin, self._process.stdout, self._process.stderr)
        self._stdin, self._stdout, self._stderr = (one.fileno() for one in streams if one)
        for descriptor in (self._stdin, self._stdout, self._stderr):
            os.set_blocking(descriptor, False)
        self._poll = select.poll()
        self._poll.register(self._stdout, select.POLLIN)
        self._poll.register(self._stderr, select.POLLIN)
        self._outgoing = b""
        self._incoming = bytearray()
        self._said = bytearray()

    @property
    def pid(self) -> int:
        return self._process.pid

    def held_bytes(self) -> int:
        """Return the memory of the process and all its descendants."""
        return held_bytes(self._process.pid)

    def send(self, data: bytes) -> None:
        """Write what the pipe takes now; `documents` writes the rest."""
        self._outgoing += data
        self._write()

    def documents(self, wait_s: float) -> Iterator[Mapping[str, object]]:
        """Wait for something to happen and yield each document that is whole by then.

        Raises Closed when the process has ended, Garbage when it does not speak in frames.
        """
        for descriptor, _ in self._poll.poll(wait_s * 1000):
            if descriptor == self._stdin:
                self._write()
            elif descriptor == self._stderr:
                self._listen()
            else:
                self._read()
        while (document := take_frame(self._incoming)) is not None:
            if not isinstance(document, dict):
                raise Garbage(repr(document)[:40])
            yield document

    def _write(self) -> None:
        try:
            self._outgoing = self._outgoing[os.write(self._stdin, self._outgoing) :]
        except BlockingIOError:
            pass  # the pipe is full: `documents` goes on when there is room
        except BrokenPipeError:
            self._outgoing = b""  # it died; the end of its answers will say so
        if self._outgoing:
            self._poll.register(self._stdin, select.POLLOUT)
        else:
            with contextlib.suppress(KeyError):
                self._poll.unregister(self._stdin)

    def _read(self) -> None:
        data = os.read(self._stdout, 1 << 20)
        if not data:
            raise Closed(self._obituary())
        self._incoming += data

    def _listen(self) -> bool:
        """Keep the end of what it prints; say whether there can be more."""
        data = os.read(self._stderr, 1 << 16)
        self._said += data
        del self._said[:-_STDERR_BYTES]
        if not data:
            with contextlib.suppress(KeyError):  # its end was seen before
                self._poll.unregister(self._stderr)
        return bool(data)

    def _obituary(self) -> str:
        while select.select([self._stderr], [], [], 0)[0] and self._listen():
            pass
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            return "closed its answers"
        code = 128 - code if code > 128 else code  # bubblewrap tells signals as shells do
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
        said = self._said.decode("utf-8", "backslashreplace").strip()
        return how + (f": {said[-1000:]}" if said else "")

    def close(self) -> None:
        """Kill the process and all that it started, at once."""
        with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._lifeline)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert stream is not None
            stream.close()
