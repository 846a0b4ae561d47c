"""Validates the objects of a storage root, many at a time.

Small objects are too little work for the digest helpers, so whole objects go to other processes.
Forked ones: starting Python anew takes as long as validating 150 small objects.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from muniment.information.ocfl.validation.content import Reading
from muniment.information.ocfl.validation.log import FindingLog
from muniment.information.ocfl.validation.object import check_object
from muniment.information.ocfl.validation.tables import ValidationTables
from muniment.runtime.errors import ToolFailed
from muniment.runtime.findings import Finding

_FEW = 16
"""With no more objects than this, each one's files are shared out instead."""

_BATCH = 8
_WINDOW = 16


@dataclass(frozen=True, slots=True)
class ObjectVerdict:
    """What was found out about one object; `object_id` is None when it has no usable one."""

    at: str
    findings: tuple[Finding, ...]
    spec: str
    object_id: str | None


def check_objects(
    places: Iterator[tuple[Path, str]], spec: str, how: Reading
) -> Iterator[ObjectVerdict]:
    """Validate the objects at (folder, path in the storage root), in their order.

    `spec` is what an object without declaration is held against. Raises ToolFailed when a process
    was killed from outside.
    """
    head = list(islice(places, _FEW + 1))
    rest = chain(head, places)
    count = len(os.sched_getaffinity(0)) if how.workers is None else how.workers
    # A fork copies locks that other threads hold, so it is for a process with one thread only.
    if len(head) <= _FEW or count < 2 or threading.active_count() > 1:
        yield from _check(rest, spec, how)
    else:
        yield from check_in_processes(rest, spec, how, count)


def check_in_processes(
    places: Iterator[tuple[Path, str]], spec: str, how: Reading, count: int
) -> Iterator[ObjectVerdict]:
    """Validate in `count` processes, running at most a few batches ahead."""
    alone = Reading(how.is_quick, workers=0)
    waiting: deque[Future[list[ObjectVerdict]]] = deque()
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(count, context) as pool:
        while True:
            while len(waiting) < _WINDOW and (batch := list(islice(places, _BATCH))):
                waiting.append(pool.submit(check_batch, batch, spec, alone))
            if not waiting:
                return
            try:
                yield from waiting.popleft().result()
            except BrokenProcessPool as exc:
                raise ToolFailed("a process that validates objects was killed") from exc


def check_batch(batch: list[tuple[Path, str]], spec: str, how: Reading) -> list[ObjectVerdict]:
    """Validate some objects: the work of one process at a time."""
    return list(_check(batch, spec, how))


def _check(places: Iterable[tuple[Path, str]], spec: str, how: Reading) -> Iterator[ObjectVerdict]:
    with closing(ValidationTables()) as tables:
        for folder, at in places:
            log = FindingLog(spec, f"{at}/")
            facts = check_object(folder, log, how, tables)
            found = facts.object_id if facts else None
            object_id = found if isinstance(found, str) else None
            yield ObjectVerdict(at, log.all_findings(), log.spec, object_id)
