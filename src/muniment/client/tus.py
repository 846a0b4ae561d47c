"""What the client says in headers of tus 1.0.0 (https://tus.io/protocols/resumable-upload)."""

from __future__ import annotations

import hashlib
from base64 import b64encode

VERSION = {"Tus-Resumable": "1.0.0"}


def creation(path: bytes, size_bytes: int) -> dict[str, str]:
    """Return the headers that begin a file."""
    named = b64encode(path).decode()
    return {**VERSION, "Upload-Length": str(size_bytes), "Upload-Metadata": f"path {named}"}


def piece(at: int, block: bytes) -> dict[str, str]:
    """Return the headers of the next bytes, with their digest."""
    digest = b64encode(hashlib.sha256(block).digest()).decode()
    return {
        **VERSION,
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": str(at),
        "Upload-Checksum": f"sha256 {digest}",
    }
