"""`muniment serve`: what dies is started again, what stops ends all."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.archives import Archive
from tests.eventually import eventually
from tests.ingest.packages import a_folder
from tests.web.browser import answers

pytestmark = pytest.mark.slow

WITHIN_S = 90


@pytest.fixture
def address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture
def served(archive: Archive, address: str) -> Iterator[subprocess.Popen[bytes]]:
    process = archive.start("serve", "--port", address.rpartition(":")[2], "--grace", "5", "-q")
    eventually(lambda: answers(address), within_s=WITHIN_S)
    yield process
    process.terminate()
    process.communicate(timeout=60)


def sites(served: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Return the children of the supervisor that serve pages."""
    found = []
    for each in psutil.Process(served.pid).children():
        with suppress(psutil.NoSuchProcess):  # a zombie is one too
            found += [each] if "web" in each.cmdline() else []
    return found


def test_a_site_that_dies_is_started_again(served: subprocess.Popen[bytes], address: str) -> None:
    (first,) = sites(served)
    first.kill()
    eventually(lambda: [each for each in sites(served) if each != first] != [], within_s=WITHIN_S)
    eventually(lambda: answers(address), within_s=WITHIN_S)


def test_jobs_run_beside_the_site(
    served: subprocess.Popen[bytes], archive: Archive, tmp_path: Path
) -> None:
    archive.run("ingest", a_folder(tmp_path / "letters"), "--no-wait")
    eventually(lambda: archive.run("object", "list", "--json").json()["objects"], within_s=WITHIN_S)


def test_stopping_ends_every_process(served: subprocess.Popen[bytes]) -> None:
    family = psutil.Process(served.pid).children(recursive=True)
    served.send_signal(signal.SIGTERM)
    assert served.wait(timeout=60) == 0
    gone, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []
    assert gone


def test_killing_the_supervisor_ends_its_children(served: subprocess.Popen[bytes]) -> None:
    family = psutil.Process(served.pid).children(recursive=True)
    os.kill(served.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(family, timeout=60)
    assert alive == []
