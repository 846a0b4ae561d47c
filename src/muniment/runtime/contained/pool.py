"""Several contained processes that work through a stream of calls."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self, TypeVar

from muniment.runtime.contained.limits import Limits
from muniment.runtime.contained.process import ContainedProcess

Task = TypeVar("Task")
Result = TypeVar("Result")


class ContainedPool:
    """A fixed number of contained processes, each driven by a thread of the parent.

    `start` returns at once and lets the processes load while the parent does something else;
    without it they start with the first task. A process that dies is started again by itself.
    """

    def __init__(self, size: int, limits: Limits | None = None, *, warm: str = "") -> None:
        self._processes = [ContainedProcess(limits, warm=warm) for _ in range(size)]
        self._idle: queue.SimpleQueue[ContainedProcess] = queue.SimpleQueue()
        for process in self._processes:
            self._idle.put(process)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="contained")
        self._window = 3 * size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def processes(self) -> tuple[ContainedProcess, ...]:
        """The processes, for reports and tests."""
        return tuple(self._processes)

    def start(self) -> None:
        """Start all processes that do not run."""
        for process in self._processes:
            process.start()

    def map(
        self, work: Callable[[ContainedProcess, Task], Result], tasks: Iterable[Task]
    ) -> Iterator[Result]:
        """Yield `work(process, task)` for each task, in order of the tasks.

        At most three tasks a process are under way or waiting to be taken, so memory stays flat.
        Abandoning the iterator lets the tasks under way end and starts no other.
        """
        pending: deque[Future[Result]] = deque()
        try:
            for task in tasks:
                pending.append(self._threads.submit(self._run, work, task))
                if len(pending) >= self._window:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()

    def _run(self, work: Callable[[ContainedProcess, Task], Result], task: Task) -> Result:
        process = self._idle.get()
        try:
            return work(process, task)
        finally:
            self._idle.put(process)

    def close(self) -> None:
        """Stop the tasks under way, start no other one, kill the processes."""
        for process in self._processes:
            process.is_stopping = True
        self._threads.shutdown(wait=True, cancel_futures=True)
        for process in self._processes:
            process.kill()
