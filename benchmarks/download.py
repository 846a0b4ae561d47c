"""Download of a file, whole and by ranges, beside Starlette's FileResponse under granian."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil

from benchmarks.rows import Row, report

MUNIMENT = Path(sys.executable).with_name("muniment")
GRANIAN = Path(sys.executable).with_name("granian")
MIB = 1 << 20
ROUNDS = 5
PEER = """
from starlette.applications import Starlette
from starlette.responses import FileResponse
from starlette.routing import Route

def file(request):
    return FileResponse({path!r})

app = Starlette(routes=[Route("/file", file)])
"""


class Site:
    """A server under measurement: where the file is, and what must be sent along."""

    def __init__(self, port: int, address: str, headers: dict[str, str], process: int) -> None:
        self.port, self.address, self.headers = port, address, headers
        self._process = process
        self._buffer = bytearray(MIB)

    def get(self, connection: http.client.HTTPConnection, span: tuple[int, int] | None) -> int:
        """Ask for the whole or for a span; return how many bytes came."""
        more = {} if span is None else {"Range": f"bytes={span[0]}-{span[1]}"}
        connection.request("GET", self.address, headers=self.headers | more)
        answer = connection.getresponse()
        assert answer.status == (200 if span is None else 206), answer.read()
        came = 0
        while got := answer.readinto(self._buffer):
            came += got
        return came

    def _processes(self) -> list[psutil.Process]:
        server = psutil.Process(self._process)
        return [server, *server.children(recursive=True)]

    @property
    def memory_bytes(self) -> int:
        """What the server and its workers hold, mapped files not counted."""
        return sum(each.memory_info().rss - each.memory_info().shared for each in self._processes())

    @property
    def cpu_s(self) -> float:
        """The time of processors that the server and its workers have used."""
        return sum(sum(each.cpu_times()[:2]) for each in self._processes())


@contextmanager
def serving(command: list[str], port: int, probe: str, **environment: str) -> Iterator[int]:
    """Run a server until the block ends; wait until it answers."""
    server = subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            try:
                with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
                    connection.request("HEAD", probe)
                    connection.getresponse()
                break
            except OSError:
                time.sleep(0.1)
        yield server.pid
    finally:
        for child in psutil.Process(server.pid).children(recursive=True):
            child.kill()
        server.kill()
        server.wait()


def rate(site: Site, spans: list[tuple[int, int] | None]) -> tuple[float, float]:
    """Return MiB/s and requests/s of asking for these spans one after the other."""
    with closing(http.client.HTTPConnection("127.0.0.1", site.port)) as connection:
        site.get(connection, spans[0])
        began = time.perf_counter()
        came = sum(site.get(connection, span) for span in spans)
        spent_s = time.perf_counter() - began
    return came / MIB / spent_s, len(spans) / spent_s


def main() -> None:
    """Make an archive with one large file, serve it by both, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="a file of 4 GiB instead of 512 MiB")
    size_bytes = (4096 if parser.parse_args().full else 512) * MIB
    with tempfile.TemporaryDirectory(prefix="muniment-bench-") as place:
        stored, address, token = an_archive(Path(place), size_bytes)
        (Path(place) / "peer.py").write_text(PEER.format(path=str(stored)), encoding="utf-8")
        ours = [str(MUNIMENT), "web", "--processes", "1", "--port", "8791", "--quiet"]
        peer = [str(GRANIAN), "--interface", "asgi", "--port", "8792", "peer:app"]
        peer += ["--working-dir", place]
        with (
            serving(ours, 8791, "/healthz", MUNIMENT_HOME=f"{place}/home") as us,
            serving(peer, 8792, "/file") as them,
        ):
            bearer = {"Authorization": f"Bearer {token}"}
            compare(Site(8791, address, bearer, us), Site(8792, "/file", {}, them), size_bytes)


def an_archive(place: Path, size_bytes: int) -> tuple[Path, str, str]:
    """Ingest a file; return where it is stored, its address in the API, and a token."""
    folder = place / "film"
    folder.mkdir()
    with (folder / "film.bin").open("wb") as stream:
        for _ in range(size_bytes // MIB):
            stream.write(os.urandom(MIB))

    def run(*words: str) -> str:
        environment = os.environ | {"MUNIMENT_HOME": f"{place}/home"}
        command = [str(MUNIMENT), *words]
        return subprocess.run(command, env=environment, stdout=-1, text=True, check=True).stdout

    steps = [
        {"name": name} for name in ("receive", "unpack", "verify", "describe", "seal", "index")
    ]
    pipeline = json.dumps({"name": "short", "title": "Short", "steps": steps})
    (place / "short.json").write_text(pipeline, encoding="utf-8")
    run("init", "--quiet")
    run("pipeline", "save", str(place / "short.json"), "--json")
    done = run("ingest", str(folder), "--pipeline", "short", "--json")
    object_id = json.loads(done)["submissions"][0]["object_id"]
    files = json.loads(run("object", "files", object_id, "--json"))["files"]
    run("user", "add", "robot", "--role", "archivist", "--no-input")
    scopes = ["--scope", "read", "--scope", "download"]
    token = run("user", "token", "create", "robot", "--name", "b", *scopes).strip()
    (stored,) = (place / "home" / "storage").rglob("film.bin")
    return stored, f"/api/v1/files/{files[0]['file_id']}/content", token


def compare(ours: Site, peer: Site, size_bytes: int) -> None:
    """Report the whole file, large ranges, small ranges, and what the server holds."""

    def spans(length: int, count: int) -> list[tuple[int, int] | None]:
        step = (size_bytes - length) // max(count - 1, 1)
        return [(at * step, at * step + length - 1) for at in range(count)]

    def both(work: str, asked: list[tuple[int, int] | None], unit: str, target: str) -> None:
        def measure(site: Site) -> float:
            return rate(site, asked)[unit != "MiB/s"]

        before_s = ours.cpu_s, peer.cpu_s
        # By turns, so that what else the machine does meets both.
        rounds = [(measure(ours), measure(peer)) for _ in range(ROUNDS)]
        mine, theirs = (max(each) for each in zip(*rounds, strict=True))
        # On a busy machine the processors' time says more than the clock.
        each_ms = [
            (site.cpu_s - began_s) * 1000 / ROUNDS / (len(asked) + 1)
            for site, began_s in zip((ours, peer), before_s, strict=True)
        ]
        note = f"{each_ms[0]:.1f} ms of processors a request, peer {each_ms[1]:.1f}"
        report(Row(work, mine, unit, "Starlette", theirs, target, note))

    before = ours.memory_bytes
    size = f"{size_bytes // MIB} MiB"
    both(f"download of {size}, whole", [None], "MiB/s", "")
    both("download by ranges of 16 MiB", spans(16 * MIB, 32), "MiB/s", "0.7 ×")
    both("ranges of 64 KiB, signed in, permission asked", spans(1 << 16, 200), "requests/s", "")
    grown = max(ours.memory_bytes - before, 0) / 1e6
    report(Row(f"memory gained by {size} downloads", grown, "MB", note="server and workers"))


if __name__ == "__main__":
    main()
