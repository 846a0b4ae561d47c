"""Runs in the environment of `bagit`: makes a bag of each folder in a folder, in place.

The name of each folder says how: `<algorithm>` or several, joined by `+`.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import bagit

if __name__ == "__main__":
    logging.disable()
    for path in sorted(Path(sys.argv[1]).iterdir()):
        info = {"Contact-Name": ["Ada", "Ignace"], "External-Description": "Briefe über See"}
        bagit.make_bag(str(path), info, checksums=path.name.split("+"))
    sys.stdout.write("null")
