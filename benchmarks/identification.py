"""Identification against raw pygfried, and examination, on a mixed corpus of small files.

    python -m benchmarks.identification [--full]

The helpers are started already; ours and the peer take turns and the best turn of each counts,
because other work on the machine only ever slows a turn down.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from benchmarks.rows import Row, report
from muniment.formats.examination import ExaminationRequest, Examiner
from muniment.formats.identification import Identifier
from muniment.samples import documents, pictures, records

_PEER = """
import sys, time, pygfried
paths = sys.stdin.read().split("\\n")
pygfried.identify_many(paths[:50])
for _ in range(int(sys.argv[1])):
    began = time.perf_counter()
    pygfried.identify_many(paths, workers=2)
    print(time.perf_counter() - began, flush=True)
"""
_TURNS = 4


def write_corpus(folder: Path, count: int) -> list[Path]:
    """Write `count` files of 1 to 10 kB: half text, CSV and XML, half images and documents."""
    dice = random.Random(1)
    small = {
        ".png": _image("PNG"),
        ".jpg": _image("JPEG"),
        ".gif": _image("GIF"),
        ".pdf": documents.pdf,
        ".docx": documents.docx,
        ".eml": records.eml,
    }
    made = {suffix: make() for suffix, make in small.items()}
    paths = []
    for number in range(count):
        if number % 2:
            suffix, content = dice.choice(list(made.items()))
        else:
            suffix, content = dice.choice(_TEXTS)(dice)
        path = folder / f"{number // 500:03d}" / f"file {number}{suffix}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        paths.append(path)
    return paths


def _image(kind: str) -> Callable[[], bytes]:
    def make() -> bytes:
        import io

        buffer = io.BytesIO()
        pictures.lighthouse(120, 90).convert("RGB").save(buffer, kind)
        return buffer.getvalue()

    return make


def _text(dice: random.Random) -> tuple[str, bytes]:
    words = ("lamp", "fog", "horn", "oil", "mirror", "storm", "ship", "\n")
    return ".txt", " ".join(dice.choices(words, k=dice.randrange(200, 2000))).encode()


def _csv(dice: random.Random) -> tuple[str, bytes]:
    rows = (f"{n},lamp {n},{dice.random()}\n" for n in range(dice.randrange(30, 300)))
    return ".csv", ("id,name,value\n" + "".join(rows)).encode()


def _xml(dice: random.Random) -> tuple[str, bytes]:
    rows = (f"<row n='{n}'>{dice.random()}</row>" for n in range(dice.randrange(30, 250)))
    return ".xml", ('<?xml version="1.0"?>\n<log>' + "".join(rows) + "</log>\n").encode()


_TEXTS = (_text, _text, _csv, _xml)


def peer_turn(paths: list[Path]) -> float:
    """Return the seconds of raw pygfried for all paths: one process, two workers, one call."""
    done = subprocess.run(
        [sys.executable, "-c", _PEER, "1"],
        input="\n".join(map(str, paths)),
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def _timed(work: Iterator[object]) -> float:
    began = time.perf_counter()
    for _ in work:
        continue
    return time.perf_counter() - began


def _resident_bytes(pid: int) -> int:
    """Return what a helper and all that it started have in memory, shared pages included."""
    helper = psutil.Process(pid)
    return sum(one.memory_info().rss for one in (helper, *helper.children(recursive=True)))


def measure_identification(paths: list[Path]) -> list[ExaminationRequest]:
    """Report ours beside the peer; return what was found, for the examination."""
    ours, peer = [], []
    with Identifier(helpers=2) as identifier:
        found = list(identifier.identify(paths))
        for _ in range(_TURNS):
            ours.append(_timed(identifier.identify(paths)))
            peer.append(peer_turn(paths))
        memory = sum(_resident_bytes(one.pid or 0) for one in identifier.helpers) / 1e6
    count = len(paths)
    work = f"identification of {count:,} mixed files, 2 helpers"
    rate, peer_rate = count / min(ours), count / min(peer)
    report(Row(work, rate, "files/s", "pygfried", peer_rate, "at least 1.0 ×"))
    report(Row("  memory of the identification helpers", memory, "MB"))
    return [
        ExaminationRequest(
            path=path, size_bytes=path.stat().st_size, puid=one.puid, mime_type=one.mime_type
        )
        for path, one in zip(paths, found, strict=True)
    ]


def measure_examination(requests: list[ExaminationRequest], *, use_exiftool: bool) -> None:
    """Report how fast files are validated and their metadata read."""
    with Examiner(helpers=2, use_exiftool=use_exiftool) as examiner:
        tool = examiner.exiftool()
        if use_exiftool and tool is None:
            return
        _timed(examiner.examine(requests[:200]))
        best = min(_timed(examiner.examine(requests)) for _ in range(2))
        memory = sum(_resident_bytes(one.pid or 0) for one in examiner.helpers) / 1e6
    with_tool = "with exiftool" if use_exiftool else "without exiftool"
    target = "1,000 files/s" if use_exiftool else "2,500 files/s"
    work = f"examination of {len(requests):,} mixed files, {with_tool}"
    report(Row(work, len(requests) / best, "files/s", target=target))
    report(Row("  memory of the examination helpers", memory, "MB"))


def main() -> None:
    """Measure on 3,000 files; on 20,000 with --full."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="muniment-bench-") as folder:
        paths = write_corpus(Path(folder), 20_000 if args.full else 3_000)
        requests = measure_identification(paths)
        measure_examination(requests, use_exiftool=False)
        measure_examination(requests, use_exiftool=True)


if __name__ == "__main__":
    main()
