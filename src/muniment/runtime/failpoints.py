"""Named places where a test can end the process as a power cut would (STYLE §2.9).

`failpoint("seal.renamed")` does nothing unless MUNIMENT_FAILPOINT names it. `NAME@3` dies at
the third passage. The list of names comes from the code: tests search it for calls.
"""

from __future__ import annotations

import os
import signal

_wanted, _, _count = os.environ.get("MUNIMENT_FAILPOINT", "").partition("@")
_left = [int(_count or 1)]


def failpoint(name: str) -> None:
    """End this process by SIGKILL when MUNIMENT_FAILPOINT names this place."""
    if name != _wanted:
        return
    _left[0] -= 1
    if _left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
