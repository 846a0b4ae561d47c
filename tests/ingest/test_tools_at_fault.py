"""Tools that hang, crash or print garbage stop no package; the report names file and reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.ingest.models import Submission
from muniment.ingest.queries import receipt_of
from muniment.ingest.types import SubmissionState
from muniment.runtime.settings import settings
from tests.formats.files import kind
from tests.formats.programs import CRASHES, ENDLESS, GARBAGE, HANGS, a_program
from tests.ingest.open_archive import OpenArchive
from tests.ingest.signatures import EICAR, a_signature_database
from tests.servers.clamd import a_clamd

pytestmark = pytest.mark.slow

# Tells its version and knows nothing of any file, as ExifTool would say it; then the deed.
EXIFTOOL = """
while read -r word; do
    case "$word" in
        -ver) version=12.57;;
        *.png) DEED;;
        -execute) echo $version; echo '{ready}'; version=;;
    esac
done
"""
FFPROBE = 'if [ "$1" = -version ]; then echo "ffprobe version 9"; exit; fi; DEED'
CLAMSCAN = 'case "$*" in *--version*) echo "ClamAV 9.9/1/now"; exit;; esac; DEED'


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder before all others on the path; scanners know EICAR."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    signatures = a_signature_database(tmp_path / "signatures")
    monkeypatch.setenv("MUNIMENT_CLAMAV_DATABASE", str(signatures))
    settings.cache_clear()
    yield folder
    settings.cache_clear()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A picture, a recording and a text."""
    folder = tmp_path / "package"
    folder.mkdir()
    for name in ("a.png", "a.flac", "a.csv"):
        kind(name).write(folder)
    return folder


def findings_of(submission: Submission) -> list[tuple[str, str, str]]:
    """Return code, path and message of the warnings and errors in the receipt."""
    receipt = json.loads(receipt_of(submission).read_bytes())
    return [
        (each["code"], each.get("path", ""), each["message"])
        for each in receipt["findings"]
        if each["severity"] != "info"
    ]


def ingest(archive: OpenArchive, package: Path) -> Submission:
    return archive.hand_in(package, pipeline="default")


DEEDS = pytest.mark.parametrize(
    ("deed", "reason"),
    [
        pytest.param(HANGS, "did not end", id="hangs"),
        pytest.param(CRASHES, "died|signal 11", id="crashes"),
        pytest.param(f"{GARBAGE}; echo '{{ready}}'; exit", "printed garbage", id="garbage"),
    ],
)


@DEEDS
def test_exiftool_at_fault_costs_only_what_it_would_have_said(
    open_archive: OpenArchive, programs: Path, package: Path, deed: str, reason: str
) -> None:
    a_program(programs, "exiftool", EXIFTOOL.replace("DEED", deed))
    submission = ingest(open_archive, package)
    assert submission.state == SubmissionState.ACCEPTED, submission.held_reason
    told = [(path, said) for code, path, said in findings_of(submission) if "examined" in code]
    assert [path for path, _ in told] == ["a.png"]
    assert any(word in told[0][1] for word in reason.split("|")), told


@DEEDS
def test_ffprobe_at_fault_costs_only_what_it_would_have_said(
    open_archive: OpenArchive, programs: Path, package: Path, deed: str, reason: str
) -> None:
    a_program(programs, "ffprobe", FFPROBE.replace("DEED", deed))
    submission = ingest(open_archive, package)
    assert submission.state == SubmissionState.ACCEPTED, submission.held_reason
    told = [(path, said) for code, path, said in findings_of(submission) if "examined" in code]
    assert [path for path, _ in told] == ["a.flac"]
    assert any(word in told[0][1] for word in reason.split("|")), told


def test_tools_that_do_not_even_start_are_told_of_each_file(
    open_archive: OpenArchive, programs: Path, package: Path
) -> None:
    for name in ("exiftool", "ffprobe"):
        a_program(programs, name, "echo 'cannot open shared object' >&2; exit 127")
    submission = ingest(open_archive, package)
    assert submission.state == SubmissionState.ACCEPTED
    told = {(path, said.partition(": ")[2][:8]) for _, path, said in findings_of(submission)}
    assert told >= {("a.png", "ExifTool"), ("a.flac", "ExifTool"), ("a.flac", "ffprobe ")}


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        (CRASHES, "signal 11"),
        (GARBAGE, "no answer about"),
        (ENDLESS, "of output"),
        ("exit 0", "no answer about"),
        ("exit 2", "ended with 2"),
        ("exit 40", "ended with 40"),
        ('for f; do cat "${f#--file-list=}" | sed "s/$/: OK/"; done 2>/dev/null; exit 2', "with 2"),
        ('for f; do cat "${f#--file-list=}" | sed "s/$/: OK/"; done 2>/dev/null; exit 1', "with 1"),
    ],
)
def test_a_scanner_at_fault_never_says_clean(
    open_archive: OpenArchive, programs: Path, package: Path, deed: str, reason: str
) -> None:
    a_program(programs, "clamscan", CLAMSCAN.replace("DEED", deed))
    submission = ingest(open_archive, package)
    assert submission.state == SubmissionState.QUEUED, "it is tried again"
    assert reason in submission.held_reason
    assert submission.step_runs.get(name="scan").state == "ready"
    assert list(open_archive.root.object_ids()) == []


@pytest.mark.tool("clamscan")
def test_the_package_goes_on_when_the_scanner_is_mended(
    open_archive: OpenArchive, programs: Path, package: Path
) -> None:
    from muniment.runtime.actor import SYSTEM
    from muniment.work import services as work

    broken = a_program(programs, "clamscan", CLAMSCAN.replace("DEED", "exit 2"))
    submission = ingest(open_archive, package)
    broken.unlink()
    work.retry(submission.job_id or 0, actor=SYSTEM)
    Submission.objects.filter(pk=submission.pk).update(held_reason="")
    assert open_archive.finish(submission).state == SubmissionState.ACCEPTED


@pytest.mark.tool("clamscan")
def test_a_virus_refuses_the_package(
    open_archive: OpenArchive, programs: Path, package: Path
) -> None:
    (package / "letter.doc").write_bytes(EICAR)
    submission = ingest(open_archive, package)
    assert submission.state == SubmissionState.REFUSED
    assert ("scan-infected", "letter.doc") in {f[:2] for f in findings_of(submission)}


ONLY_GARBAGE = f"{GARBAGE}; exec cat >/dev/null"


@pytest.mark.parametrize(("name", "file"), [("exiftool", "a.png"), ("ffprobe", "a.flac")])
def test_a_tool_that_says_nothing_but_garbage_is_told_of_its_files(
    open_archive: OpenArchive, programs: Path, package: Path, name: str, file: str
) -> None:
    """It does not even tell its version."""
    a_program(programs, name, ONLY_GARBAGE)
    submission = ingest(open_archive, package)
    assert submission.state == SubmissionState.ACCEPTED, submission.held_reason
    told = {path: said for code, path, said in findings_of(submission) if "examined" in code}
    assert file in told
    assert name in told[file].lower()
    assert len(list(open_archive.root.object_ids())) == 1


def test_a_scanner_that_says_nothing_but_garbage_keeps_the_package_waiting(
    open_archive: OpenArchive, programs: Path, package: Path
) -> None:
    a_program(programs, "clamscan", ONLY_GARBAGE)
    submission = ingest(open_archive, package)
    assert submission.state == SubmissionState.QUEUED
    assert "clamscan" in submission.held_reason
    assert list(open_archive.root.object_ids()) == []


@pytest.mark.parametrize("command", ["PING", "VERSION", "INSTREAM"])
def test_a_daemon_that_prints_garbage_never_says_clean(
    open_archive: OpenArchive,
    package: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    with a_clamd(tmp_path) as daemon:
        monkeypatch.setenv("MUNIMENT_CLAMD_SOCKET", str(daemon.place))
        settings.cache_clear()
        daemon.answers[command] = b"\xff]]{[ garbage: OK\0"
        submission = ingest(open_archive, package)
    settings.cache_clear()
    assert submission.state in {SubmissionState.QUEUED, SubmissionState.HELD}
    assert "clamd" in submission.held_reason
    assert list(open_archive.root.object_ids()) == []
