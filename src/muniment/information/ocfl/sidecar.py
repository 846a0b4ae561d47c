"""The digest sidecar of an inventory (OCFL 1.1 §3.6)."""

from __future__ import annotations

import re
from pathlib import Path

from muniment.information.ocfl.regular_file import open_strictly
from muniment.information.ocfl.types import INVENTORY
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import CorruptObject

_LINE = re.compile(rb"([0-9A-Fa-f]+)[ \t]+inventory\.json\n?")
_MOST_BYTES = 4096


def sidecar_name(algorithm: str) -> str:
    """Return `inventory.json.sha512` and the like."""
    return f"{INVENTORY}.{algorithm}"


def sidecar_line(digest: str) -> bytes:
    """Return the whole content of a sidecar file."""
    return f"{digest} {INVENTORY}\n".encode("ascii")


def parse_sidecar(content: bytes) -> str | None:
    """Return the digest, lower case; None when it is not `DIGEST inventory.json` (E061)."""
    match = _LINE.fullmatch(content)
    return match[1].decode("ascii").lower() if match else None


def read_sidecar(folder: Path, algorithm: str) -> str:
    """Return the digest that stands in the sidecar; raises CorruptObject, StorageUnavailable."""
    path = folder / sidecar_name(algorithm)
    if not path.exists():
        raise CorruptObject(f"{path} is missing")
    with storage_errors(str(path)), open_strictly(path) as stream:
        content = stream.read(_MOST_BYTES)
    digest = parse_sidecar(content)
    if digest is None:
        raise CorruptObject(f"{path} is not of the form 'DIGEST {INVENTORY}'")
    return digest
