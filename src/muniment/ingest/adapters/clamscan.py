"""ClamAV's command, for machines where the daemon does not run: one process for a batch."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from muniment.ingest.ports import ScanOutcome, ScanResult
from muniment.runtime.errors import Misconfigured, ToolFailed, ToolTimeout

_BATCH = 20_000  # loading the signatures takes longer than scanning a thousand small files
_TIMEOUT_S = 6 * 3600
_USUAL_DATABASE = Path("/var/lib/clamav")
_SIGNATURES = {".cvd", ".cld", ".cud", ".hdb", ".hsb", ".ndb", ".ldb", ".mdb", ".yar", ".yara"}
_INFECTED, _ERRORS = 1, 2
# Without the first, clamscan calls a file over its limits clean.
_LIMITS = ("--alert-exceeds-max=yes", "--max-filesize=2000M", "--max-scansize=4000M")


class ClamscanScanner:
    """Runs `clamscan` over batches; names go to it in a file, never on the command line."""

    name = "ClamAV (clamscan)"

    def __init__(self, command: str, database: Path | None) -> None:
        self._database = database or _USUAL_DATABASE
        self._command = [command, f"--database={self._database}"]

    def version(self) -> str:
        """Return the versions of engine and signatures: `1.4.6/27500/…`."""
        done = self._run(["--version"], timeout_s=60)
        return done.stdout.strip().removeprefix("ClamAV ")

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
            said = self._scan_batch([file for file in batch if _fits_a_line(file)])
            for file in batch:
                yield said.get(str(file)) or self._scan_odd(file)
            progress(len(batch))

    def _scan_batch(self, batch: list[Path]) -> dict[str, ScanResult]:
        if not batch:
            return {}
        with tempfile.NamedTemporaryFile("w", suffix=".list", encoding="utf-8") as names:
            names.write("".join(f"{file}\n" for file in batch))
            names.flush()
            return dict(_parse(self._scan([f"--file-list={names.name}"])))

    def _scan_odd(self, file: Path) -> ScanResult:
        """Scan one file by standard input: its name has characters that a list cannot have."""
        with file.open("rb") as stream:
            found = dict(_parse(self._scan(["-"], stream.fileno())))
        said = found.get("stdin")
        if said is None:
            return ScanResult(file, ScanOutcome.UNREADABLE, "the scanner gave no answer")
        return ScanResult(file, said.outcome, said.detail)

    def _scan(self, arguments: list[str], stdin: int = subprocess.DEVNULL) -> str:
        done = self._run(
            ["--no-summary", "--stdout", *_LIMITS, *arguments], timeout_s=_TIMEOUT_S, stdin=stdin
        )
        if done.returncode not in {0, _INFECTED, _ERRORS}:
            said = (done.stdout + done.stderr)[-300:].strip()
            raise ToolFailed(f"clamscan ended with {done.returncode}: {said}")
        return done.stdout

    def _run(
        self, arguments: list[str], *, timeout_s: float, stdin: int = subprocess.DEVNULL
    ) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(  # noqa: S603  # our own words; names go by file
                [*self._command, *arguments],
                stdin=stdin,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired as exc:
            raise ToolTimeout("clamscan did not end in time") from exc
        except OSError as exc:
            raise ToolFailed(f"clamscan cannot be started: {exc}") from exc


def _fits_a_line(file: Path) -> bool:
    return str(file).isprintable()


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
