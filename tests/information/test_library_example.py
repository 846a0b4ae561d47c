"""The example of docs/how-to/library.md, as a program of its own: no Django, no archive."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "library.md"
CHECK = "\nimport sys\nassert 'django' not in sys.modules\n"


def test_the_example_runs_without_django(tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) >= 3
    subprocess.run([sys.executable, "-c", "".join(blocks) + CHECK], cwd=tmp_path, check=True)
