"""The parent's end of one helper process of `digest_pool`."""

from __future__ import annotations

import marshal
import os
import select
import subprocess
import sys
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import Generic, Self, TypeVar

from muniment.runtime import digest_helper
from muniment.runtime.digest_helper import Answer
from muniment.runtime.errors import ToolFailed

Tag = TypeVar("Tag")
Message = tuple[bytes, bytes | None, tuple[str, ...], bool]


class HelperProcess(Generic[Tag]):
    """Sends batches and takes their answers, in order; ends with the `with` block."""

    def __init__(self) -> None:
        self.under_way: deque[Tag] = deque()
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and file
            [sys.executable, "-I", "-S", digest_helper.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._answers = self._process.stdin, self._process.stdout

    def fileno(self) -> int:
        """Return the descriptor that becomes readable with the next answer."""
        return self._answers.fileno()

    def send(self, tag: Tag, messages: list[Message]) -> None:
        """Send one batch. Raises ToolFailed when the helper has died."""
        try:
            marshal.dump(messages, self._requests)
            self._requests.flush()
        except BrokenPipeError as exc:
            raise self._died() from exc
        self.under_way.append(tag)

    def receive(self) -> tuple[Tag, list[Answer]]:
        """Wait for the answer to the oldest batch. Raises ToolFailed when the helper has died."""
        try:
            size = int.from_bytes(self._read(4), "big")
            answers = marshal.loads(self._read(size))  # noqa: S302  # our own process wrote it
        except EOFError as exc:
            raise self._died() from exc
        return self.under_way.popleft(), answers

    def _read(self, size: int) -> bytes:
        """Read exactly so much: a byte more in a buffer would be invisible to `select`."""
        parts = []
        while size:
            part = os.read(self.fileno(), size)
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _died(self) -> ToolFailed:
        return ToolFailed(f"a digest helper ended with status {self._process.wait()}; run it again")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if kind is not None or self.under_way:
            self._process.kill()
        # It died with a batch unread: the error that says so is already on its way.
        with suppress(BrokenPipeError):
            self._requests.close()
        self._answers.close()
        self._process.wait()


def ready(helpers: Iterable[HelperProcess[Tag]]) -> list[HelperProcess[Tag]]:
    """Wait until at least one helper that has work under way can answer; return those."""
    busy = [helper for helper in helpers if helper.under_way]
    return select.select(busy, (), ())[0]
