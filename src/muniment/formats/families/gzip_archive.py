"""GZIP: unpacked to its end, where CRC and length are checked."""

from __future__ import annotations

import gzip
import zlib

from muniment.formats.families.verdicts import invalid, tool, valid
from muniment.formats.types import Examination, ExaminationRequest

_TOOLS = (tool("Python gzip", "muniment"),)
_BLOCK_BYTES = 256 * 1024
_MOST_BYTES = 4 << 30


def examine(request: ExaminationRequest) -> Examination:
    """Unpack without keeping anything; a bomb is left after 4 GiB."""
    size = 0
    try:
        with gzip.open(request.path) as stream:
            while size < _MOST_BYTES and (block := stream.read(_BLOCK_BYTES)):
                size += len(block)
    except (OSError, EOFError, zlib.error) as exc:
        return invalid(_TOOLS, {}, exc)
    doubts = ["only the first 4 GiB were unpacked"] if size >= _MOST_BYTES else []
    return valid(_TOOLS, {"archive.unpacked_bytes": size}, *doubts)
