"""Ingest through the whole default pipeline, cold process included, without the virus check.

    python -m benchmarks.ingest [--full]

101 files of 100 MB in all; 10,000 small files with and without ExifTool; with --full 100,000 more.
The time of each step comes from the receipt, the memory from /proc while the command runs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.rows import Row, report

MUNIMENT = [sys.executable, "-m", "muniment.cli.main"]
STEPS = "receive unpack verify scan identify validate_formats characterise describe seal index"
_SAMPLE_S = 0.05
_RUNS = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """One ingest: seconds of wall time, seconds by step, peak MiB of the command and of all."""

    wall_s: float
    steps: dict[str, float]
    main_mib: float
    all_mib: float

    def note(self) -> str:
        """Say where the time and the memory went."""
        total = sum(self.steps.values()) or 1.0
        shares = ", ".join(
            f"{name} {spent / total:.0%}"
            for name, spent in self.steps.items()
            if spent / total > 0.02
        )
        return f"{shares}; main {self.main_mib:.0f} MiB, all {self.all_mib:.0f} MiB"


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true", help="100,000 files as well")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="muniment-bench-", dir=Path.cwd()) as folder:
        place = Path(folder)
        _large(place)
        per_file = _small(place, 10_000)
        if args.full:
            at_100k = _small(place, 100_000)
            work = "time per file at 100,000 files against 10,000"
            report(Row(work, at_100k / per_file, "x", target="at most 1.2 x"))


def _large(place: Path) -> None:
    package = _made(place / "large", write_large)
    best = min((_ingest(place, package) for _ in range(_RUNS)), key=lambda run: run.wall_s)
    work = "ingest of 101 files, 100 MB, cold process"
    report(Row(work, best.wall_s, "s", target="2.5 s or less", note=best.note()))


def _small(place: Path, count: int) -> float:
    package = _made(place / f"small-{count}", lambda folder: write_small(folder, count))
    plain = _ingest(place, package, exiftool=False)
    work = f"ingest of {count:,} small files, without ExifTool"
    target = "800 files/s" if count == 10_000 else ""
    report(Row(work, count / plain.wall_s, "files/s", target=target, note=plain.note()))
    if count == 10_000:
        with_exiftool = _ingest(place, package)
        work = f"ingest of {count:,} small files, with ExifTool where installed"
        note = with_exiftool.note()
        report(Row(work, count / with_exiftool.wall_s, "files/s", target="500 files/s", note=note))
    return plain.wall_s / count


def _made(folder: Path, write: Callable[[Path], None]) -> Path:
    folder.mkdir()
    write(folder)
    return folder


def write_large(folder: Path) -> None:
    """Write 101 files of five families, 100 MB in all; the bytes are the same every time."""
    chance = random.Random(1)
    for number in range(25):
        noise = Image.frombytes("RGB", (720, 480), chance.randbytes(720 * 480 * 3))
        noise.save(folder / f"scan-{number:02}.tif")
        photo = Image.frombytes("RGB", (960, 720), chance.randbytes(960 * 720 * 3))
        photo.save(folder / f"photo-{number:02}.jpg", quality=90)
        with wave.open(str(folder / f"sound-{number:02}.wav"), "wb") as sound:
            sound.setnchannels(2)
            sound.setsampwidth(2)
            sound.setframerate(44_100)
            sound.writeframes(chance.randbytes(1_000_000))
        words = " ".join(str(chance.random()) for _ in range(40_000))
        (folder / f"text-{number:02}.txt").write_text(words)
    rows = "".join(f"{number},{chance.random()}\n" for number in range(20_000))
    (folder / "table.csv").write_text("number,value\n" + rows)


def write_small(folder: Path, count: int) -> None:
    """Write small files of four kinds in folders of a thousand."""
    chance = random.Random(2)
    picture = BytesIO()
    Image.frombytes("RGB", (24, 24), chance.randbytes(24 * 24 * 3)).save(picture, "PNG")
    for number in range(count):
        place = folder / f"{number // 1000:03}"
        place.mkdir(exist_ok=True)
        match number % 4:
            case 0:
                (place / f"{number}.txt").write_text(f"letter {number}\n" * chance.randint(20, 200))
            case 1:
                (place / f"{number}.xml").write_text(
                    f'<?xml version="1.0"?><a n="{number}"><b/></a>'
                )
            case 2:
                (place / f"{number}.png").write_bytes(picture.getvalue())
            case _:
                (place / f"{number}.csv").write_text(f"a,b\n{number},{chance.random()}\n" * 20)


def _ingest(place: Path, package: Path, *, exiftool: bool = True) -> Measured:
    home = Path(tempfile.mkdtemp(dir=place))
    environment = os.environ | {"MUNIMENT_HOME": str(home)}
    if not exiftool:
        environment["MUNIMENT_USE_EXIFTOOL"] = "false"
    _prepare(environment)
    command = [*MUNIMENT, "ingest", str(package), "--pipeline", "measured", "--json"]
    answer = home / "answer.json"
    began_s = time.perf_counter()
    # To a file: a pipe that nobody reads until the end would stop a command with many findings.
    with (
        answer.open("wb") as out,
        subprocess.Popen(command, env=environment, stdout=out) as process,
    ):
        peak = _watch(process)
        wall_s = time.perf_counter() - began_s
    (submission,) = json.loads(answer.read_bytes())["submissions"]
    if submission["verdict"] != "accepted":
        raise SystemExit(f"the package was not accepted: {submission}")
    steps = _steps(submission["submission_id"], environment)
    return Measured(wall_s, steps, peak["main"] / 1024, peak["all"] / 1024)


def _prepare(environment: dict[str, str]) -> None:
    subprocess.run([*MUNIMENT, "init", "--quiet"], env=environment, check=True)
    never = {"without_scanner": "never"}
    steps = [{"name": n, "parameters": never if n == "scan" else {}} for n in STEPS.split()]
    document = json.dumps({"name": "measured", "title": "Measured", "steps": steps})
    command = [*MUNIMENT, "pipeline", "save", "-", "--json"]
    subprocess.run(
        command, env=environment, input=document.encode(), stdout=subprocess.DEVNULL, check=True
    )


def _watch(process: subprocess.Popen[bytes]) -> dict[str, int]:
    """Return the peaks in KiB until the process ends."""
    peak = {"main": 0, "all": 0}
    while process.poll() is None:
        sizes = {pid: _resident_kib(pid) for pid in _family(process.pid)}
        peak["main"] = max(peak["main"], sizes.get(process.pid, 0))
        peak["all"] = max(peak["all"], sum(sizes.values()))
        time.sleep(_SAMPLE_S)
    return peak


def _family(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        for children in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found += map(int, children.read_text().split())
            except OSError:
                continue  # it ended while we looked
    return found


def _resident_kib(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def _steps(submission_id: str, environment: dict[str, str]) -> dict[str, float]:
    command = [*MUNIMENT, "submission", "show", submission_id, "--json"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    receipt: dict[str, Any] = json.loads(done.stdout)
    return {step["name"]: step["duration_s"] or 0.0 for step in receipt["steps"]}


if __name__ == "__main__":
    main()
