"""`muniment worker`: run jobs until it is stopped."""

from __future__ import annotations

import argparse
import os
import sys

from muniment.cli.console import Console

SUMMARY = "Run jobs until stopped (SIGTERM: finish or give back within the grace)"
NEEDS_ARCHIVE = True
RUNS_JOBS = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "--queues", default="", metavar="NAME[,NAME…]", help="only these queues; all without"
    )
    parser.add_argument(
        "--concurrency",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes, each with one job at a time (default: one a core)",
    )
    parser.add_argument("--once", action="store_true", help="end when no job is due")
    parser.add_argument(
        "--grace", type=float, default=30.0, metavar="SECONDS", help="time to finish after SIGTERM"
    )
    parser.add_argument("--executor-of", type=int, default=0, help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, console: Console) -> int:
    """Be the supervisor, one of its executors, or (`--once`) all of it in this process."""
    if args.executor_of:
        return _execute(args)
    if args.once:
        return _run_once(args, console)
    from muniment.cli.supervising import supervisor_of

    if args.concurrency < 1:
        from muniment.runtime.errors import InvalidArgument

        raise InvalidArgument(f"--concurrency {args.concurrency}: a worker needs one process")
    console.say(f"Running jobs in {args.concurrency} processes; Ctrl-C or SIGTERM ends it.")
    supervisor_of([_executor(args)] * args.concurrency, grace_s=args.grace).run()
    console.say("Stopped. What was not finished goes on with the next worker.")
    return 0


def _executor(args: argparse.Namespace) -> list[str]:
    words = ["worker", "--executor-of", str(os.getpid()), "--grace", str(args.grace)]
    words += ["-q"] * args.quiet + ["-v"] * args.verbose
    queues = ["--queues", args.queues] if args.queues else []
    return [sys.executable, "-m", "muniment.cli.main", *words, *queues]


def _queues(args: argparse.Namespace) -> list[str]:
    return [name for name in args.queues.split(",") if name]


def _execute(args: argparse.Namespace) -> int:
    from muniment.ingest.tools import Tools
    from muniment.runtime.home import ArchiveHome
    from muniment.runtime.lifetime import die_with_parent
    from muniment.runtime.registry import adapter_of
    from muniment.site.telling import start_telling
    from muniment.work.signals import stopping_gracefully
    from muniment.work.types import Times
    from muniment.work.worker import Worker

    die_with_parent(args.executor_of)
    start_telling(adapter_of(ArchiveHome))
    times = Times(grace_s=args.grace)
    worker = Worker(_queues(args), times, abandon=lambda: os._exit(3), keeps_house=False)
    with adapter_of(Tools), stopping_gracefully(worker):
        worker.run_forever()
    return 0


def _run_once(args: argparse.Namespace, console: Console) -> int:
    from muniment.ingest.ending import follow_jobs
    from muniment.ingest.tools import Tools
    from muniment.runtime.home import ArchiveHome
    from muniment.runtime.registry import adapter_of
    from muniment.site.bootstrap import clock
    from muniment.work.signals import stopping_gracefully
    from muniment.work.types import Times
    from muniment.work.worker import Worker

    worker = Worker(_queues(args), Times(grace_s=args.grace))
    with adapter_of(Tools), stopping_gracefully(worker):
        worker.run_until_idle()
    follow_jobs(home=adapter_of(ArchiveHome), clock=clock())
    console.say(f"Ran {worker.jobs_run} jobs.")
    return 0
