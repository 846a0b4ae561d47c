"""The embedded default: a command runs the jobs that it waits for in its own process."""

from __future__ import annotations

from collections.abc import Callable

from muniment.work import outbox
from muniment.work.context import ProgressListener
from muniment.work.types import Times
from muniment.work.worker import Worker


def run_until(
    is_done: Callable[[], bool],
    *,
    progress: ProgressListener | None = None,
    times: Times | None = None,
) -> None:
    """Run due jobs in this process until `is_done`; then deliver the events that they left.

    Jobs that another worker runs are waited for. Ctrl-C gives the running job back: the next
    command or worker goes on with it. Raises DatabaseError when the database has refused to read
    or to write for as long as a lease: somebody waits for this command.
    """
    found = times or Times()
    worker = Worker(times=found, listener=progress, patience_s=found.lease_s)
    worker.run_until(is_done)
    outbox.drain()
