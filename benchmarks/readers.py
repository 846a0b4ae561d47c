"""Fifty readers, a request a second each, while an ingest runs beside them.

    python -m benchmarks.readers

One archive served by `muniment serve` with one worker, on this machine, without the virus check.
First the readers alone, then the ingest alone, then both. Readers go from page to page of what the
archive holds, by a token; a request that is not answered 200 within 30 s is an error.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.rows import Row, report

MUNIMENT = [sys.executable, "-m", "muniment.cli.main"]
READERS = 50
QUIET_S = 20.0
FILES = 2000
STEPS = "receive unpack verify identify validate_formats characterise describe seal index"


@dataclass
class Readers:
    """What the readers saw."""

    port: int
    token: str
    addresses: list[str]
    times_s: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def p95_ms(self) -> float:
        """The 95th percentile of the answers."""
        return statistics.quantiles(self.times_s, n=20)[18] * 1000

    def read(self, number: int) -> None:
        """Ask once a second; readers are spread over the second."""
        chooser = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Authorization": f"Bearer {self.token}"}
        next_s = time.monotonic() + number / READERS
        while not self.stop.wait(max(next_s - time.monotonic(), 0)):
            next_s = max(next_s + 1.0, time.monotonic())
            began_s = time.perf_counter()
            address = chooser.choice(self.addresses)
            try:
                connection.request("GET", address, headers=headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException) as exc:
                self.errors.append(f"{address}: {exc!r}")
                connection.close()
                continue
            self.times_s.append(time.perf_counter() - began_s)
            if answer.status != 200:
                self.errors.append(f"{address}: {answer.status}")
        connection.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let all of them read while the block runs."""
        threads = [threading.Thread(target=self.read, args=(each,)) for each in range(READERS)]
        for each in threads:
            each.start()
        try:
            yield
        finally:
            self.stop.set()
            for each in threads:
                each.join()


def main() -> None:
    """Run the three and report."""
    with tempfile.TemporaryDirectory(prefix="muniment-bench-") as name:
        folder = Path(name)
        os.environ["MUNIMENT_HOME"] = str(folder / "home")
        os.environ["MUNIMENT_RATE_LIMIT"] = "0"  # all readers come with one token
        _muniment("init")
        pipeline = folder / "pipeline.json"
        steps = [{"name": each} for each in STEPS.split()]
        pipeline.write_text(json.dumps({"name": "bench", "title": "Bench", "steps": steps}))
        _muniment("pipeline", "save", str(pipeline))
        _ingest(_package(folder / "first", 200))
        token = _token()
        with _serving() as port:
            _measure(folder, port, token)


def _measure(folder: Path, port: int, token: str) -> None:
    addresses = _addresses(port, token)
    quiet = Readers(port, token, addresses)
    with quiet.reading():
        time.sleep(QUIET_S)
    alone_s = _ingest(_package(folder / "alone", FILES))
    busy = Readers(port, token, addresses)
    with busy.reading():
        both_s = _ingest(_package(folder / "both", FILES))
    errors = [*quiet.errors, *busy.errors]
    note = f"{len(busy.times_s)} answers, {len(errors)} errors" + "".join(errors[:3])
    report(
        Row(
            f"{READERS} readers: p95 of an answer, an ingest beside",
            busy.p95_ms,
            "ms",
            "quiet",
            quiet.p95_ms,
            "ratio ≥ 0.33",
            note,
        )
    )
    rate, peer = FILES / both_s, FILES / alone_s
    work = f"ingest of {FILES} files, {READERS} readers beside"
    report(Row(work, rate, "files/s", "quiet", peer, "ratio ≥ 0.6"))


def _muniment(*words: str) -> str:
    return subprocess.run([*MUNIMENT, *words], check=True, capture_output=True, text=True).stdout


def _ingest(package: Path) -> float:
    began_s = time.perf_counter()
    _muniment("ingest", str(package), "--pipeline", "bench", "-q")
    return time.perf_counter() - began_s


def _package(folder: Path, files: int) -> Path:
    folder.mkdir()
    chooser = random.Random(folder.name)
    for number in range(files):
        (folder / f"letter-{number}.txt").write_text(f"{chooser.random()}\n" * 200)
    return folder


def _token() -> str:
    _muniment("user", "add", "reader", "--role", "auditor", "--no-input")
    made = _muniment(
        "user", "token", "create", "reader", "--name", "bench", "--scope", "read", "--json"
    )
    token: str = json.loads(made)["token"]
    return token


@contextmanager
def _serving() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    process = subprocess.Popen([*MUNIMENT, "serve", "--port", str(port), "--grace", "5", "-q"])
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_for(port: int) -> None:
    deadline_s = time.monotonic() + 90
    while time.monotonic() < deadline_s:
        try:
            if _get(port, "/readyz", "")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the site does not answer")


def _get(port: int, address: str, token: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", address, headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def _addresses(port: int, token: str) -> list[str]:
    """What is read: lists, a search, and each object with its files and events."""
    _, body = _get(port, "/api/v1/objects", token)
    objects = [each["object_id"] for each in json.loads(body)["items"]]
    found = ["/api/v1/objects", "/api/v1/search?q=letter", "/api/v1/submissions"]
    for each in objects[:20]:
        found += [f"/api/v1/objects/{each}{part}" for part in ("", "/files?limit=50", "/events")]
    return found


if __name__ == "__main__":
    main()
