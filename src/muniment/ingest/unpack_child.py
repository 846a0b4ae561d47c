"""Unpacking in a process of its own: hostile archives meet the parsers there, not here."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from muniment.information.bagit.declared import declared_algorithms
from muniment.information.paths import decode_name
from muniment.information.unpacking import UnpackLimits, receive

ALWAYS = ("sha256", "sha512")


def unpack(
    arguments: Mapping[str, Any], report: Callable[[int, int | None, str], None]
) -> dict[str, Any]:
    """Receive `source` into `package`; the arguments and the result are JSON."""
    source = Path(os.fsdecode(decode_name(arguments["source"])))
    return receive(
        source,
        Path(arguments["package"]),
        Path(arguments["listing"]),
        limits=UnpackLimits(**arguments["limits"]),
        algorithms={*ALWAYS, *declared_algorithms(source)},
        links=arguments["links"],
        progress=report,
    ).as_json()
