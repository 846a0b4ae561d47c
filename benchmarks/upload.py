"""Upload of one large file through the served site, beside a plain copy that calculates SHA-512.

Our side: a PUT over a local socket, the SHA-256 of the file, fsync, a rename into the deposit.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

import psutil

from benchmarks.rows import Row, report

MUNIMENT = Path(sys.executable).with_name("muniment")
SMALL, FULL = 200_000_000, 1_000_000_000
TARGET = "at least 0.6 × its speed"
_ROUNDS = 3
_BLOCK = 1 << 20


def main() -> None:
    """Measure and print two rows: the speed, and the memory of the server."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true", help="1 GB instead of 200 MB")
    size = FULL if parser.parse_args().full else SMALL
    with tempfile.TemporaryDirectory(prefix="muniment-bench-", dir=Path.cwd()) as folder:
        measure(Path(folder), size)


def measure(folder: Path, size: int) -> None:
    """Copy and upload by turns; the best of the rounds counts."""
    source = folder / "source.bin"
    with source.open("wb") as stream:
        for _ in range(size // 1_000_000):
            stream.write(os.urandom(1_000_000))
    environment = os.environ | {"MUNIMENT_HOME": str(folder / "home")}
    _muniment(environment, "init")
    _muniment(environment, "user", "add", "bench", "--role", "archivist", "--no-input")
    made = _muniment(
        environment,
        "user",
        "token",
        "create",
        "bench",
        "--name",
        "b",
        "--scope",
        "deposit",
        "--json",
    )
    token = str(json.loads(made)["token"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [str(MUNIMENT), "web", "--port", str(port), "--processes", "1", "--quiet"]
    site = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        copies, uploads, grown = [], [], 0
        for number in range(_ROUNDS):
            copies.append(_copy(source, folder / "copy.bin"))
            before = _memory(site.pid)
            uploads.append(_upload(source, size, port, token, number))
            grown = max(grown, _memory(site.pid) - before)
        _report(size, min(copies), min(uploads), grown)
    finally:
        site.terminate()
        site.wait(60)


def _report(size: int, copy_s: float, upload_s: float, grown: int) -> None:
    title = f"upload of {size // 1_000_000:,} MB by PUT"
    rate = size / 1e6
    note = f"best of {_ROUNDS}; ours with fsync, the copy without; client and server on one machine"
    report(Row(title, rate / upload_s, "MB/s", "copy and SHA-512", rate / copy_s, TARGET, note))
    report(Row(f"memory that the server grew by, {title}", grown / 1e6, "MB", target="flat"))


def _muniment(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [str(MUNIMENT), *words], env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the site did not come up")


def _memory(pid: int) -> int:
    """Return the resident bytes of the server and its workers."""
    first = psutil.Process(pid)
    return sum(each.memory_info().rss for each in [first, *first.children(recursive=True)])


def _copy(source: Path, target: Path) -> float:
    """Copy in blocks and calculate SHA-512 in the same read."""
    began = time.perf_counter()
    digest = hashlib.sha512()
    with source.open("rb") as coming, target.open("wb") as going:
        while block := coming.read(_BLOCK):
            digest.update(block)
            going.write(block)
    spent = time.perf_counter() - began
    target.unlink()
    return spent


def _upload(source: Path, size: int, port: int, token: str, number: int) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600, blocksize=_BLOCK)
    said = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", "/api/v1/deposits", json.dumps({"title": str(number)}), said)
    deposit = json.loads(connection.getresponse().read())
    headers = {"Authorization": f"Bearer {token}", "Content-Length": str(size)}
    began = time.perf_counter()
    with source.open("rb") as stream:
        connection.request("PUT", f"{deposit['upload_url']}/source.bin", stream, headers)
        answer = connection.getresponse()
        answer.read()
    spent = time.perf_counter() - began
    if answer.status != 201:
        raise RuntimeError(f"the upload was answered {answer.status}")
    connection.request("DELETE", f"/api/v1/deposits/{deposit['deposit_id']}", headers=said)
    connection.getresponse().read()
    connection.close()
    return spent


if __name__ == "__main__":
    main()
