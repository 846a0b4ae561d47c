"""A scanner that hangs, dies or talks nonsense: a failure of the tool, never a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.ingest.adapters import find_scanner
from muniment.ingest.adapters.clamd import ClamdScanner, clamd_socket
from muniment.ingest.adapters.clamscan import ClamscanScanner
from muniment.ingest.ports import MalwareScanner, ScanOutcome, ScanResult
from muniment.runtime.errors import Misconfigured, StorageUnavailable, ToolFailed, ToolTimeout
from muniment.runtime.settings import Settings
from tests.formats.programs import GARBAGE, HANGS, a_program
from tests.ingest.signatures import a_signature_database
from tests.servers.clamd import Clamd, a_clamd


class Cancelled(Exception):
    """Stands for the order that `progress` raises when somebody cancels."""


def nothing(_files: int) -> None:
    """Take the progress and forget it."""


def cancelled(_files: int) -> None:
    raise Cancelled


def scan(scanner: MalwareScanner, *files: Path) -> list[ScanResult]:
    return list(scanner.scan(files, progress=nothing))


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Clamd]:
    with a_clamd(tmp_path) as clamd:
        yield clamd


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.txt"
    path.write_text("words")
    return path


def impatient(daemon: Clamd) -> ClamdScanner:
    return ClamdScanner(daemon.place, question_s=0.2, file_s=0.2)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "broke off"),
        (b"stream: OK", "broke off"),
        (b"\0", "should not"),
        (b"]]{[ OK?\0", "should not"),
        (b"\xff" * 100_000, "broke off"),
        (b"PONG\0", "should not"),
    ],
)
def test_a_daemon_that_talks_nonsense_has_failed(
    daemon: Clamd, file: Path, answer: bytes, reason: str
) -> None:
    daemon.answers["INSTREAM"] = answer
    with pytest.raises(ToolFailed, match=reason):
        scan(ClamdScanner(daemon.place), file)


def test_a_daemon_that_never_answers_has_had_its_time(daemon: Clamd, file: Path) -> None:
    daemon.answers["INSTREAM"] = None
    with pytest.raises(ToolTimeout, match="did not answer in time"):
        scan(impatient(daemon), file)


def test_a_daemon_that_takes_nothing_has_had_its_time(daemon: Clamd, tmp_path: Path) -> None:
    daemon.reads = False
    large = tmp_path / "large"
    large.write_bytes(bytes(1 << 19))  # more than a socket holds
    with pytest.raises(ToolTimeout, match="did not take in time"):
        scan(impatient(daemon), large)


def test_waiting_for_a_daemon_can_be_cancelled(daemon: Clamd, file: Path) -> None:
    daemon.answers["INSTREAM"] = None
    with pytest.raises(Cancelled):
        list(ClamdScanner(daemon.place).scan([file], progress=cancelled))


def test_what_the_daemon_could_not_read_is_not_clean(daemon: Clamd, file: Path) -> None:
    daemon.answers["INSTREAM"] = b"Can't allocate memory ERROR\0"
    (result,) = scan(ClamdScanner(daemon.place), file)
    assert (result.outcome, result.detail) == (ScanOutcome.UNREADABLE, "Can't allocate memory")


def test_a_file_that_went_is_not_the_daemons_fault(daemon: Clamd, tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match=r"gone\.txt"):
        scan(ClamdScanner(daemon.place), tmp_path / "gone.txt")


@pytest.mark.parametrize("answer", [b"nonsense\0", b"", None])
def test_a_daemon_that_cannot_say_pong_is_none(daemon: Clamd, answer: bytes | None) -> None:
    daemon.answers["PING"] = answer
    assert "does not answer" in impatient(daemon).problem()


def test_a_dead_daemon_where_one_is_configured_is_an_error(daemon: Clamd, file: Path) -> None:
    daemon.answers["PING"] = b"nonsense\0"
    with pytest.raises(Misconfigured, match="no clamd answers"):
        clamd_socket(daemon.place)
    with pytest.raises(Misconfigured, match="does not answer"):
        scan(ClamdScanner(daemon.place), file)


def test_a_version_that_is_none_is_a_failure(daemon: Clamd) -> None:
    daemon.answers["VERSION"] = b"]]{[\0"
    with pytest.raises(ToolFailed, match="does not tell its version"):
        ClamdScanner(daemon.place).version()


def test_the_configured_daemon_is_the_scanner(daemon: Clamd) -> None:
    scanner = find_scanner(Settings(clamd_socket=daemon.place))
    assert scanner is not None
    assert (scanner.name, scanner.version()[:5]) == ("ClamAV (clamd)", "1.4.3")


def test_where_there_is_neither_daemon_nor_command_there_is_no_scanner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_scanner(Settings()) is None


def a_clamscan(folder: Path, script: str, base_s: float = 600) -> ClamscanScanner:
    program = a_program(folder / "bin", "clamscan", script)
    return ClamscanScanner(str(program), a_signature_database(folder / "db"), base_s=base_s)


def test_a_command_that_hangs_has_had_its_time(tmp_path: Path, file: Path) -> None:
    with pytest.raises(ToolTimeout, match="did not end in time"):
        scan(a_clamscan(tmp_path, HANGS, base_s=0.3), file)


def test_waiting_for_a_command_can_be_cancelled(tmp_path: Path, file: Path) -> None:
    with pytest.raises(Cancelled):
        list(a_clamscan(tmp_path, HANGS).scan([file], progress=cancelled))


def test_a_command_that_does_not_tell_its_version_has_failed(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="does not tell its version"):
        a_clamscan(tmp_path, GARBAGE).version()


def test_a_command_that_calls_another_file_clean_has_failed(tmp_path: Path, file: Path) -> None:
    with pytest.raises(ToolFailed, match=r"no answer about 'file\.txt'"):
        scan(a_clamscan(tmp_path, "echo '/other/file.txt: OK'"), file)


def test_one_file_that_it_could_not_read_is_that_files(tmp_path: Path, file: Path) -> None:
    script = f"echo '{file}: Access denied. ERROR'; exit 2"
    (result,) = scan(a_clamscan(tmp_path, script), file)
    assert (result.outcome, result.detail) == (ScanOutcome.UNREADABLE, "Access denied. ERROR")


def test_a_file_over_its_limits_is_not_clean(tmp_path: Path, file: Path) -> None:
    script = f"echo '{file}: Heuristics.Limits.Exceeded.MaxFileSize FOUND'; exit 1"
    (result,) = scan(a_clamscan(tmp_path, script), file)
    assert result.outcome is ScanOutcome.UNREADABLE
