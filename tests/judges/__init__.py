"""Outside judges: programs of others, in environments of their own, that say whether we are right.

`make tools` installs them under `.cache/judges/`; versions and digests stand in `requirements/`.
A judge's script in this folder runs inside its environment and prints one JSON document.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parents[1] / ".cache" / "judges"

JUDGES = {
    name: ENVIRONMENTS / name / "bin" / "python" for name in ("bagit", "ocfl-py", "eark-validator")
}
"""Judge -> the Python of its environment."""


def ask(judge: str, script: str, *arguments: str | Path, timeout_s: float = 300) -> Any:  # noqa: ANN401  # JSON of any shape
    """Run `script` of this folder in the judge's environment and return what it prints."""
    done = subprocess.run(
        [str(JUDGES[judge]), str(HERE / script), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the judge {judge} itself failed:\n{done.stderr}")
    return json.loads(done.stdout)
