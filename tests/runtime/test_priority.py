"""Who runs jobs lets the site go first."""

from __future__ import annotations

import subprocess
import sys

import pytest

from muniment.runtime.priority import NICENESS

ASK = "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"
STEP_BACK = f"""
import subprocess, sys, threading
from muniment.runtime.priority import step_back
step_back()
thread = threading.Thread(target=lambda: subprocess.run([sys.executable, "-c", {ASK!r}]))
thread.start()
thread.join()
"""


@pytest.mark.parametrize(("given", "expected"), [(0, NICENESS), (NICENESS + 5, NICENESS + 5)])
def test_threads_and_programs_step_back_too_and_never_forward(given: int, expected: int) -> None:
    words = ["nice", "-n", str(given), sys.executable, "-c", STEP_BACK]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=True)
    assert int(done.stdout) == expected
