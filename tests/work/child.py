"""A process of its own for kill tests: `python -m tests.work.child COMMAND`, on a real database.

It stands on MUNIMENT_HOME and MUNIMENT_DATABASE, writes what its jobs do into the home, and ends
with a dump of the work tables on standard output.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muniment.site.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  # after the set-up

from muniment.administration import policy  # noqa: E402
from muniment.runtime.actor import SYSTEM  # noqa: E402
from muniment.runtime.lifetime import die_with_parent  # noqa: E402
from muniment.work import limits, outbox  # noqa: E402
from muniment.work.kinds import JobContext, job_kind  # noqa: E402
from muniment.work.models import Delivery, DomainEvent, Job, Schedule  # noqa: E402
from muniment.work.pruning import Keep, prune  # noqa: E402
from muniment.work.services import enqueue  # noqa: E402
from muniment.work.signals import stopping_gracefully  # noqa: E402
from muniment.work.supervisor import Supervisor  # noqa: E402
from muniment.work.types import Dimension, JobState, Times  # noqa: E402
from muniment.work.worker import Worker  # noqa: E402

HOME = Path(os.environ["MUNIMENT_HOME"])
TIMES = Times(
    beat_s=0.2,
    watch_s=0.02,
    reap_s=0.05,
    idle_s=float(os.environ.get("IDLE", "0.05")),
    grace_s=float(os.environ.get("GRACE", "30")),
    last_call_s=0.3,
    worker_loss_s=0.01,
)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def _wait_for(name: str, check: Callable[[], None] = lambda: None) -> None:
    deadline = time.monotonic() + 30
    while not (HOME / name).exists() and time.monotonic() < deadline:
        check()
        time.sleep(0.01)


@job_kind("publish", max_attempts=20)
def publish(context: JobContext) -> object:
    """Publish one file and one event, as every job should: again and again to the same end."""
    beside = HOME / f"published.{context.lease.token}"
    beside.write_text("whole")
    beside.replace(HOME / "published")
    with context.transaction():
        if not DomainEvent.objects.filter(name="published").exists():
            outbox.add("published", entity="thing")
    return {"attempt": context.attempt}


@job_kind("follow", max_attempts=20)
def follow(context: JobContext) -> object:
    return dict(context.arguments)


@job_kind("alone", max_attempts=20)
def alone(context: JobContext) -> None:
    """Fail when another process is in the same place at the same time."""
    place = HOME / str(context.arguments["place"])
    os.close(os.open(place, os.O_CREAT | os.O_EXCL))
    with (HOME / "visits").open("a") as visits:
        visits.write(f"{context.job_id}\n")
    time.sleep(0.002)
    place.unlink()


@job_kind("patient")
def patient(context: JobContext) -> str:
    """Wait for the file `go`, asking whether to stop."""
    (HOME / "started").touch()
    _wait_for("go", context.check)
    return "finished"


@job_kind("stubborn")
def stubborn(_context: JobContext) -> str:
    """Wait for the file `go`, asking nobody."""
    (HOME / "started").touch()
    _wait_for("go")
    return "finished"


@job_kind("slow-publish", max_attempts=20)
def slow_publish(context: JobContext) -> object:
    """The first attempt waits for the file `go` and asks nobody; then it publishes."""
    if context.attempt == 1:
        (HOME / "started").touch()
        _wait_for("go")
    return publish(context)


@job_kind("deadly", max_attempts=2)
def deadly(_context: JobContext) -> None:
    """Take the process along."""
    os.kill(os.getpid(), signal.SIGKILL)


def _play() -> None:
    """Run one job, the job that its event leads to, and the job of a schedule, to their ends."""
    outbox.subscribe(
        "follower",
        ["published"],
        lambda event: _ignore(enqueue("follow", {"of": event.entity}, actor=SYSTEM)),
    )
    limits.set_limit(Dimension.KIND, "follow", max_running=1, actor=SYSTEM)
    enqueue("publish", {}, actor=SYSTEM, idempotency_key="scenario")
    Schedule.objects.get_or_create(
        name="yearly",
        defaults={
            "cron": "0 0 1 1 *",
            "kind": "follow",
            "arguments": {"of": "schedule"},
            "next_run_at": LONG_AGO,
            "made_by": "x",
        },
    )
    Worker(times=TIMES).run_until(_is_all_done)
    _leave_old_things()
    prune(Keep(jobs_days=1000, events_days=1000), actor=SYSTEM)


def _leave_old_things() -> None:
    """Make an ended job and a heard event of long ago, where an earlier play left none."""
    if not Job.objects.filter(kind="old").exists():
        Job.objects.create(kind="old", asked_by="x", state="cancelled", ended_at=LONG_AGO)
    if not DomainEvent.objects.filter(at=LONG_AGO).exists():
        DomainEvent.objects.create(name="old", entity="thing", at=LONG_AGO)


def _ignore(_: object) -> None:
    """Turn a result into None."""


def _is_all_done() -> bool:
    ended = [state.value for state in JobState if state.is_ended or state is JobState.HELD]
    waits = Job.objects.exclude(state__in=ended).exists()
    return not waits and not Delivery.objects.exists() and Schedule.objects.count() <= _fired()


def _fired() -> int:
    return Schedule.objects.filter(last_run_at__isnull=False).count()


def _work() -> None:
    worker = Worker(times=TIMES)
    with stopping_gracefully(worker):
        worker.run_forever()


def _execute() -> None:
    die_with_parent(int(os.environ["PARENT"]))
    _work()


def _supervise() -> None:
    os.environ["PARENT"] = str(os.getpid())
    command = [sys.executable, "-m", "tests.work.child", "execute"]
    Supervisor([command] * 2, TIMES).run()


def dump() -> dict[str, object]:
    """Return what the tables hold."""
    return {
        "jobs": [
            {
                "id": job.pk,
                "kind": job.kind,
                "state": job.state,
                "held_reason": job.held_reason,
                "attempts": job.attempts,
                "arguments": job.arguments,
                "result": job.result,
                "error": job.error_text,
                "history": list(job.changes.order_by("pk").values_list("state", flat=True)),
            }
            for job in Job.objects.order_by("pk")
        ],
        "events": list(DomainEvent.objects.filter(entity="thing").values_list("name", flat=True)),
        "deliveries": Delivery.objects.count(),
    }


def _enqueue(kind: str, count: str, place: str = "") -> None:
    for number in range(int(count)):
        where = place or f"place-{number}"
        enqueue(kind, {"place": where}, actor=SYSTEM, group=where)


def _limit(group: str, most: str) -> None:
    limits.set_limit(Dimension.GROUP, group, max_running=int(most), actor=SYSTEM)


COMMANDS: dict[str, Callable[..., None]] = {
    "migrate": lambda: _ignore(call_command("migrate", verbosity=0)),
    "enqueue": _enqueue,
    "limit": _limit,
    "play": _play,
    "finish": lambda: Worker(times=TIMES).run_until(_is_all_done),
    "once": lambda: Worker(times=TIMES).run_until_idle(),
    "work": _work,
    "execute": _execute,
    "supervise": _supervise,
    "dump": lambda: None,
}


def main(command: str, *words: str) -> None:
    """Do one of the commands; only executors, whose supervisor speaks for them, dump nothing."""
    policy.install()
    COMMANDS[command](*words)
    if command != "execute":
        sys.stdout.write(json.dumps(dump()))


if __name__ == "__main__":
    main(*sys.argv[1:])
