"""Digests of many files on several cores: each file is read once, results come in input order.

Measured on 10,000 files of 10 kB, threads lose to one core (the files are too small for the
interpreter lock to be let go); processes do not, and for files of 1 GB both are alike. So work of
any size goes to helper processes, and a little work is done here at once.
"""

from __future__ import annotations

import errno
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

from muniment.runtime.digest_algorithms import MAKERS
from muniment.runtime.digest_helper import Answer, answer
from muniment.runtime.digest_helper_process import HelperProcess, Message, ready
from muniment.runtime.errors import NoSpace

BATCH_JOBS = 32
BATCH_BYTES = 8 << 20
BATCH_PATH_BYTES = 16 << 10
"""Batches and their answers fit into a pipe, so that neither side ever waits for the other's."""

WINDOW_BATCHES = 64
"""How far helpers may run ahead of the result that is due; bounds the memory."""

INLINE_JOBS = 64
INLINE_BYTES = 4 << 20
"""Less than this is done before a helper would have started."""


class DigestStatus(StrEnum):
    """What became of one job; damage is for the caller to judge, by comparing digests."""

    OK = "ok"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    UNWRITABLE = "unwritable"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class DigestJob:
    """One file to digest, in one read.

    `algorithms` are names of `digests.ALGORITHMS`; with `copy_to` the same read writes a copy,
    which must not exist yet. `tag` comes back unchanged. `size_bytes` saves a look where the caller
    knows it; it only weighs the work. Symbolic links are not followed. With `modified_ns` the file
    must be the one that was listed: CHANGED when size or mtime differ at the end of the read, and
    no folder of the path, which is absolute, may be a link.
    """

    path: str | Path | bytes
    algorithms: tuple[str, ...]
    tag: Any = None  # the caller's own; never looked at
    copy_to: str | Path | bytes | None = None
    size_bytes: int | None = None
    modified_ns: int | None = None


@dataclass(frozen=True, slots=True)
class DigestResult:
    """The outcome of one job; `digests` are lower-case hex by algorithm, empty unless OK.

    `errno` and `reason` say why not. `modified_ns` is the mtime in ns since 1970.
    """

    job: DigestJob
    status: DigestStatus
    size_bytes: int
    digests: dict[str, str]
    modified_ns: int
    errno: int = 0

    @property
    def reason(self) -> str:
        """Say in words what was wrong; empty when nothing was."""
        if self.errno == errno.EINVAL:
            return "not a regular file"
        if self.errno == errno.ELOOP:
            return "a symbolic link"
        return os.strerror(self.errno) if self.errno else ""


@dataclass(slots=True)
class _Batch:
    jobs: list[DigestJob]
    answers: list[Answer] | None = None


def digest_many(jobs: Iterable[DigestJob], *, workers: int | None = None) -> Iterator[DigestResult]:
    """Digest many files; yields one result for each job, in their order, memory bounded.

    `workers` is the number of processes, by default one for each usable core; 0 works here.
    A fault of one file is a value in its result. Raises NoSpace when a copy finds the disk full,
    ToolFailed when a helper dies, KeyError for an unknown algorithm.
    """
    stream = iter(jobs)
    head = list(islice(stream, INLINE_JOBS))
    count = len(os.sched_getaffinity(0)) if workers is None else workers
    if count == 0:
        yield from _inline(head)
        yield from _inline(stream)
    elif len(head) < INLINE_JOBS and sum(map(_size_of, head)) < INLINE_BYTES:
        yield from _inline(head)
    else:
        yield from _pooled(_batches(head, stream), count)


def digest_paced(
    jobs: Iterable[DigestJob], on_block: Callable[[int], None]
) -> Iterator[DigestResult]:
    """Digest one file after the other in this process; `on_block` is told of each block's size.

    It may wait, which holds the reading back, or raise. Otherwise like `digest_many`.
    """
    for job in jobs:
        yield _result(job, answer(*_message(job), on_block))


def _inline(jobs: Iterable[DigestJob]) -> Iterator[DigestResult]:
    for job in jobs:
        yield _result(job, answer(*_message(job)))


def _pooled(batches: Iterator[_Batch], workers: int) -> Iterator[DigestResult]:
    waiting: deque[_Batch] = deque()
    with ExitStack() as stack:
        helpers: list[HelperProcess[_Batch]] = []
        while True:
            _hand_out(batches, waiting, helpers, workers, stack)
            if not waiting:
                return
            while waiting and (answers := waiting[0].answers) is not None:
                yield from map(_result, waiting.popleft().jobs, answers)
            for helper in ready(helpers) if waiting and waiting[0].answers is None else ():
                batch, answers = helper.receive()
                batch.answers = answers


def _hand_out(
    batches: Iterator[_Batch],
    waiting: deque[_Batch],
    helpers: list[HelperProcess[_Batch]],
    workers: int,
    stack: ExitStack,
) -> None:
    """Keep every helper at work on one batch, with a second one waiting in its pipe."""
    while len(waiting) < WINDOW_BATCHES:
        helper = min(helpers, key=lambda each: len(each.under_way), default=None)
        if helper is not None and helper.under_way and len(helpers) < workers:
            helper = None
        if helper is not None and len(helper.under_way) >= 2:
            return
        batch = next(batches, None)
        if batch is None:
            return
        if helper is None:
            helper = stack.enter_context(HelperProcess[_Batch]())
            helpers.append(helper)
        waiting.append(batch)
        helper.send(batch, [_message(job) for job in batch.jobs])


def _batches(head: list[DigestJob], stream: Iterator[DigestJob]) -> Iterator[_Batch]:
    """Cut the jobs into batches by number, bytes to read and length of the paths."""
    batch, size, path_size = _Batch([]), 0, 0
    for job in (job for part in (head, stream) for job in part):
        size += _size_of(job)
        path_size += len(os.fsencode(job.path)) + len(os.fsencode(job.copy_to or b""))
        batch.jobs.append(job)
        if len(batch.jobs) >= BATCH_JOBS or size >= BATCH_BYTES or path_size >= BATCH_PATH_BYTES:
            yield batch
            batch, size, path_size = _Batch([]), 0, 0
    if batch.jobs:
        yield batch


def _size_of(job: DigestJob) -> int:
    if job.size_bytes is not None:
        return job.size_bytes
    try:
        return os.lstat(job.path).st_size
    except OSError:
        return 0  # the helper meets the same fault and reports it


def _message(job: DigestJob) -> Message:
    for name in job.algorithms:
        MAKERS[name]  # an unknown name is the caller's fault, so it must not fell a helper
    copy_to = None if job.copy_to is None else os.fsencode(job.copy_to)
    return os.fsencode(job.path), copy_to, job.algorithms, job.modified_ns is not None


def _result(job: DigestJob, came: Answer) -> DigestResult:
    number, in_writing, size, modified_ns, digests = came
    if in_writing and number in {errno.ENOSPC, errno.EDQUOT}:
        raise NoSpace(f"no space left while copying {os.fsdecode(job.path)}; free some and retry")
    if not number:
        listed = (job.size_bytes, job.modified_ns)
        is_same = job.modified_ns is None or listed == (size, modified_ns)
        status = DigestStatus.OK if is_same else DigestStatus.CHANGED
    elif in_writing:
        status = DigestStatus.UNWRITABLE
    elif number in {errno.ENOENT, errno.ENOTDIR}:
        status = DigestStatus.MISSING
    else:
        status = DigestStatus.UNREADABLE
    by_name = dict(zip(job.algorithms, digests, strict=False))
    return DigestResult(job, status, size, by_name, modified_ns, number)
