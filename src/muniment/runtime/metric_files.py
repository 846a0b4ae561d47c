"""The meter of what serves and works: each process counts in files of its own, all are read as one.

Site, executors and supervisor are processes, on several machines perhaps; whoever asks `/metrics`
reaches one of them and wants the sum. The library's way of several processes does that, with a
folder for each machine besides: process numbers are unique on one only.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.runtime.metrics import EVERY, PREFIX, Counter, Histogram, install_meter

if TYPE_CHECKING:
    import prometheus_client
    from prometheus_client import Metric

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_STRANGERS_S = 86_400.0
"""After a day without change the files of another machine are those of one that is gone."""


class PrometheusMeter:
    """Counts with the library; made after the variable that it reads when it is loaded."""

    def __init__(self) -> None:
        import prometheus_client

        self._counters: dict[str, prometheus_client.Counter] = {}
        self._histograms: dict[str, prometheus_client.Histogram] = {}
        registry = prometheus_client.CollectorRegistry()
        for each in EVERY:
            name = PREFIX + each.name
            if isinstance(each, Histogram):
                self._histograms[each.name] = prometheus_client.Histogram(
                    name, each.meaning, each.labels, buckets=each.buckets, registry=registry
                )
            else:
                self._counters[each.name] = prometheus_client.Counter(
                    name, each.meaning, each.labels, registry=registry
                )

    def add(self, counter: Counter, by: float, labels: dict[str, str]) -> None:
        """Count in the file of this process."""
        found = self._counters[counter.name]
        (found.labels(**labels) if labels else found).inc(by)

    def observe(self, histogram: Histogram, seconds: float, labels: dict[str, str]) -> None:
        """Sort one in, in the file of this process."""
        found = self._histograms[histogram.name]
        (found.labels(**labels) if labels else found).observe(seconds)


def start_measuring(folder: Path) -> None:
    """Count in files below `folder` from now on; once in a process, before others load the library.

    A disk that takes no files costs the figures, never the service.
    """
    here = folder / socket.gethostname().replace("/", "-")
    try:
        here.mkdir(parents=True, exist_ok=True)
        os.environ[_VARIABLE] = str(here)
        install_meter(PrometheusMeter())
    except OSError:
        import logging

        logging.getLogger(__name__).exception("nothing is measured")


def forget_the_dead(folder: Path) -> None:
    """Remove the files of processes that run no more; a supervisor does so before it begins.

    Their counts go with them: whoever reads counters knows that they begin anew.
    """
    here = folder / socket.gethostname().replace("/", "-")
    with suppress(OSError):
        for file in here.glob("*.db"):
            number = re.search(r"_(\d+)\.db$", file.name)
            if number and not Path(f"/proc/{number[1]}").exists():
                file.unlink(missing_ok=True)
        for other in folder.iterdir():
            if other != here and other.stat().st_mtime < time.time() - _STRANGERS_S:
                shutil.rmtree(other, ignore_errors=True)


def measured(folder: Path) -> Iterator[Metric]:
    """Give what all processes of the archive have counted, summed."""
    from prometheus_client.multiprocess import MultiProcessCollector

    files = [str(file) for file in folder.glob("*/*.db")]
    found: Iterator[Metric] = MultiProcessCollector.merge(files, accumulate=True)  # type: ignore[no-untyped-call]  # the library's
    yield from found
