"""ClamAV's command, for machines where the daemon does not run: one process for a batch."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from muniment.ingest.ports import ScanOutcome, ScanResult
from muniment.runtime.contained import Limits
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import Misconfigured, ToolFailed
from muniment.runtime.tools import ToolResult, run_tool

_BATCH = 10_000  # loading the signatures takes longer than scanning a thousand small files
_BASE_S = 600.0  # for loading all signatures on a slow machine
_SLOWEST_BYTES_PER_S = 1 << 20
_VERSION_S = 60.0
_LONGEST_LINE = 1000  # clamscan reads a line of a list into 1,024 bytes, and cuts it off
_MEMORY_BYTES = 4 << 30  # the official signatures alone take more than 1 GiB
_USUAL_DATABASE = Path("/var/lib/clamav")
_SIGNATURES = {".cvd", ".cld", ".cud", ".hdb", ".hsb", ".ndb", ".ldb", ".mdb", ".yar", ".yara"}
# Without the first, clamscan calls a file over its limits clean.
_LIMITS = ("--alert-exceeds-max=yes", "--max-filesize=2000M", "--max-scansize=4000M")


class ClamscanScanner:
    """Runs `clamscan` over batches; names go to it in a file, never on the command line.

    What it says of a file counts only when its exit status says the same: a scanner that breaks
    down, or prints garbage, has found nothing clean. It has `base_s` and a second for each MiB.
    """

    name = "ClamAV (clamscan)"

    def __init__(self, command: str, database: Path | None, *, base_s: float = _BASE_S) -> None:
        self._database = (database or _USUAL_DATABASE).absolute()
        self._command = [command, f"--database={self._database}"]
        self._base_s = base_s

    def version(self) -> str:
        """Return the versions of engine and signatures: `1.4.6/27500/…`."""
        limit_s = min(self._base_s, _VERSION_S)
        done = run_tool([*self._command, "--version"], timeout_s=limit_s, inputs=[self._database])
        said = _text(done.stdout).strip()
        if not said.startswith("ClamAV "):
            raise ToolFailed(f"clamscan does not tell its version: {_tail(done)!r}")
        return said.removeprefix("ClamAV ")

    def problem(self) -> str:
        """Say why it cannot scan; empty when it can."""
        if any(file.suffix in _SIGNATURES for file in self._database.glob("*")):
            return ""
        return f"ClamAV has no signature database in {self._database}; run freshclam"

    def scan(
        self, files: Iterable[Path], *, progress: Callable[[int], None]
    ) -> Iterator[ScanResult]:
        """Yield a result for each file, in order."""
        if problem := self.problem():
            raise Misconfigured(problem)
        rest = iter(files)
        while batch := list(islice(rest, _BATCH)):
            yield from self._scan_batch(batch, lambda: progress(0))
            progress(len(batch))

    def _scan_batch(self, batch: list[Path], check: Callable[[], None]) -> Iterator[ScanResult]:
        with tempfile.TemporaryDirectory(prefix="muniment-scan-") as name:
            workdir = Path(name)
            names = workdir / "names"
            listed = [file for file in batch if _fits_a_line(file)]
            names.write_text("".join(f"{file}\n" for file in listed), encoding="utf-8")
            words = [f"--file-list={names}"]
            results = self._run(listed, words, workdir, check) if listed else {}
            for file in batch:
                if _fits_a_line(file):
                    yield _answer(results, str(file), file)
                else:
                    yield self._scan_odd(file, workdir, check)

    def _scan_odd(self, file: Path, workdir: Path, check: Callable[[], None]) -> ScanResult:
        """Scan one file by standard input: its name has no place in a list."""
        with storage_errors(str(file)), file.open("rb") as stream:
            results = self._run([file], ["-"], workdir, check, stream.fileno())
        return _answer(results, "stdin", file)

    def _run(
        self,
        files: list[Path],
        words: list[str],
        workdir: Path,
        check: Callable[[], None],
        stdin: int = subprocess.DEVNULL,
    ) -> Mapping[str, ScanResult]:
        with storage_errors("the files to be scanned"):
            size_bytes = sum(file.stat().st_size for file in files)
        done = run_tool(
            [*self._command, "--no-summary", "--stdout", *_LIMITS, *words],
            timeout_s=self._base_s + size_bytes / _SLOWEST_BYTES_PER_S,
            inputs=[self._database, Path(os.path.commonpath([file.parent for file in files]))],
            workdir=workdir,
            limits=Limits(memory_bytes=_MEMORY_BYTES),
            check=check,
            stdin=stdin,
        )
        results = dict(_parse(_text(done.stdout)))
        if not _agrees(done.returncode, {each.outcome for each in results.values()}):
            raise ToolFailed(f"clamscan ended with {done.returncode}: {_tail(done)}")
        return results


def _answer(results: Mapping[str, ScanResult], name: str, file: Path) -> ScanResult:
    """Return what was said of a file under a name; silence is never "clean"."""
    if name not in results:
        raise ToolFailed(f"clamscan gave no answer about {file.name!r}")
    return replace(results[name], path=file)


def _agrees(status: int, outcomes: set[ScanOutcome]) -> bool:
    """Say whether what was printed explains the exit status."""
    match status:
        case 0:
            return ScanOutcome.INFECTED not in outcomes
        case 1:
            # A file over the limits is an alert to clamscan and unreadable to us.
            return bool(outcomes & {ScanOutcome.INFECTED, ScanOutcome.UNREADABLE})
        case 2:
            return ScanOutcome.UNREADABLE in outcomes
        case _:
            return False


def _fits_a_line(file: Path) -> bool:
    text = str(file)
    return text.isprintable() and len(text.encode()) <= _LONGEST_LINE


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace")


def _tail(done: ToolResult) -> str:
    return (_text(done.stdout) + _text(done.stderr))[-300:].strip()


def _parse(output: str) -> Iterator[tuple[str, ScanResult]]:
    for line in output.split("\n"):
        name, separator, said = line.rpartition(": ")
        if not separator:
            continue
        path = Path(name)
        if said in {"OK", "Empty file"}:
            yield name, ScanResult(path, ScanOutcome.CLEAN)
        elif said.startswith("Heuristics.Limits.Exceeded"):
            yield name, ScanResult(path, ScanOutcome.UNREADABLE, "over the scanner's limits")
        elif said.endswith(" FOUND"):
            yield name, ScanResult(path, ScanOutcome.INFECTED, said.removesuffix(" FOUND"))
        else:
            yield name, ScanResult(path, ScanOutcome.UNREADABLE, said)
