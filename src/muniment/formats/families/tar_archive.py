"""TAR: every header is read; the members have no checksums of their own."""

from __future__ import annotations

import tarfile

from muniment.formats.families.verdicts import invalid, tool, valid
from muniment.formats.types import Examination, ExaminationRequest

_TOOLS = (tool("Python tarfile", "muniment"),)


def examine(request: ExaminationRequest) -> Examination:
    """Walk the headers to the end."""
    members = size = 0
    try:
        with tarfile.open(request.path, "r|") as archive:
            for member in archive:
                members += 1
                size += member.size
                archive.members = []  # type: ignore[attr-defined]  # or it keeps them all
    except (tarfile.TarError, OSError, EOFError, ValueError) as exc:
        return invalid(_TOOLS, {"archive.members": members}, exc)
    return valid(_TOOLS, {"archive.members": members, "archive.unpacked_bytes": size})
