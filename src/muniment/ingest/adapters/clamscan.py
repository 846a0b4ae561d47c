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
_INFECTED, _ERRORS = 1, 2
_NO_DATABASE = ("no supported database files found", "can't get file status", "no such file")


class ClamscanScanner:
    """Runs `clamscan` over batches; its lists of names go by file, never by command line."""

    name = "ClamAV (clamscan)"

    def __init__(self, command: str, database: Path | None) -> None:
        self._command = command
        self._database = [f"--database={database}"] if database else []

    def version(self) -> str:
        """Return the versions of engine and signatures: `1.4.6/27500/…`."""
        done = subprocess.run(
            [self._command, "--version", *self._database],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout.strip().removeprefix("ClamAV ")

    def scan(
        self, files: Iterable[Path], *, progress: Callable[[int], None]
    ) -> Iterator[ScanResult]:
        """Yield a result for each file, in order."""
        rest = iter(files)
        while batch := list(islice(rest, _BATCH)):
            said = self._scan_batch(batch)
            for file in batch:
                yield said.get(str(file), ScanResult(file, ScanOutcome.UNREADABLE, "no answer"))
            progress(len(batch))

    def _scan_batch(self, batch: list[Path]) -> dict[str, ScanResult]:
        with tempfile.NamedTemporaryFile("w", suffix=".list", encoding="utf-8") as names:
            names.write("".join(f"{file}\n" for file in batch))
            names.flush()
            try:
                done = subprocess.run(
                    [self._command, "--no-summary", "--stdout", *self._database, *_LIMITS]
                    + [f"--file-list={names.name}"],
                    capture_output=True,
                    text=True,
                    errors="replace",
                    timeout=_TIMEOUT_S,
                    check=False,
                )
            except subprocess.TimeoutExpired as exc:
                raise ToolTimeout("clamscan did not end in time") from exc
        output = done.stdout + done.stderr
        _complain_without_database(done.returncode, output)
        if done.returncode not in {0, _INFECTED, _ERRORS}:
            raise ToolFailed(f"clamscan ended with {done.returncode}: {output[-300:].strip()}")
        return dict(_parse(done.stdout))


# Without these clamscan calls a file over its default limits clean.
_LIMITS = ("--alert-exceeds-max=yes", "--max-filesize=2000M", "--max-scansize=4000M")


def _complain_without_database(code: int, output: str) -> None:
    if code == _ERRORS and any(words in output.lower() for words in _NO_DATABASE):
        raise Misconfigured(
            "ClamAV has no signature database; run freshclam (or set clamav_database), "
            "then `muniment job retry`"
        )


def _parse(output: str) -> Iterator[tuple[str, ScanResult]]:
    for line in output.splitlines():
        name, separator, said = line.rpartition(": ")
        if not separator:
            continue
        path = Path(name)
        if said == "OK" or said == "Empty file":
            yield name, ScanResult(path, ScanOutcome.CLEAN)
        elif said.startswith("Heuristics.Limits.Exceeded"):
            yield name, ScanResult(path, ScanOutcome.UNREADABLE, "over the scanner's limits")
        elif said.endswith(" FOUND"):
            yield name, ScanResult(path, ScanOutcome.INFECTED, said.removesuffix(" FOUND"))
        else:
            yield name, ScanResult(path, ScanOutcome.UNREADABLE, said)
