"""Claims a second of the durable queue, one worker, jobs that do nothing.

    python -m benchmarks.queue                                  SQLite, synchronous=FULL
    MUNIMENT_DATABASE=postgresql://… python -m benchmarks.queue PostgreSQL

Each job is one transaction to queue, one to claim and one to settle, with its history rows.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def main() -> None:
    """Measure in an archive of its own and print one line for each figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=2000)
    parser.add_argument("--waiting", type=int, default=5000, help="jobs that are queued meanwhile")
    args = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="muniment-bench-", dir=Path.cwd()) as home,
        _own_database(os.environ.get("MUNIMENT_DATABASE", "")),
    ):
        os.environ["MUNIMENT_HOME"] = home
        _set_up()
        _measure(args.jobs, args.waiting)


@contextmanager
def _own_database(server: str) -> Iterator[None]:
    """On a PostgreSQL server, make a database for the run: an archive's own is never touched."""
    if not server:
        yield
        return
    import psycopg
    from django.db import connections

    name = f"bench_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as administrator:
        administrator.execute(f'CREATE DATABASE "{name}"'.encode())
        os.environ["MUNIMENT_DATABASE"] = f"{server.rpartition('/')[0]}/{name}"
        yield
        connections.close_all()
        administrator.execute(f'DROP DATABASE "{name}"'.encode())


def _set_up() -> None:
    from django.core.management import call_command

    from muniment.site.bootstrap import set_up_framework

    set_up_framework()
    call_command("migrate", "work", verbosity=0)


def _rate(title: str, count: int, work: Callable[[], object]) -> None:
    began = time.perf_counter()
    work()
    spent = time.perf_counter() - began
    print(f"{title:<58}{count / spent:>10,.0f} /s")


def _measure(jobs: int, waiting: int) -> None:
    from django.db import connection

    from muniment.runtime.actor import SYSTEM
    from muniment.work import leases
    from muniment.work.claiming import Wanted, claim
    from muniment.work.kinds import JobContext, job_kind
    from muniment.work.models import Job
    from muniment.work.services import enqueue
    from muniment.work.types import JobState, Settlement
    from muniment.work.worker import Worker

    @job_kind("bench-nothing")
    def nothing(_context: JobContext) -> None:
        """Do nothing."""

    def queue(count: int) -> None:
        for number in range(count):
            enqueue("bench-nothing", {"number": number}, actor=SYSTEM)

    def claim_and_settle(count: int) -> None:
        for _ in range(count):
            job = claim("bench", Wanted(["bench-nothing"]))
            assert job is not None
            leases.settle(job.lease, Settlement(JobState.SUCCEEDED))

    def claim_only(count: int) -> None:
        turn = ""
        for _ in range(count):
            job = claim("bench", Wanted(["bench-nothing"], turn=turn))
            assert job is not None
            turn = job.following

    print(connection.vendor)
    _rate("queued, each in a transaction", jobs, lambda: queue(jobs))
    _rate(f"claimed and settled, {jobs} queued", jobs, lambda: claim_and_settle(jobs))
    queue(jobs)
    _rate("run by a worker, all of it", jobs, Worker(keeps_house=False).run_until_idle)
    Job.objects.bulk_create(
        Job(kind="bench-nothing", asked_by="bench", priority=number % 7)
        for number in range(jobs + waiting)
    )
    _rate(f"claimed, {waiting + jobs} queued", jobs, lambda: claim_only(jobs))
    Job.objects.bulk_create(
        Job(kind="bench-nothing", asked_by=f"bench-{number % 3}", priority=number % 7)
        for number in range(jobs)
    )
    _rate("claimed, four requesters in turns", jobs, lambda: claim_only(jobs))


if __name__ == "__main__":
    main()
