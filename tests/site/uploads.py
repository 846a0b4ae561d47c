"""Deposits spoken to as programs do: short words for the tests."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import unquote_to_bytes

from tests.site.conftest import Caller

TUS = {"tus-resumable": "1.0.0"}


def a_deposit(caller: Caller, **said: object) -> str:
    """Make a deposit; return its identifier."""
    answer = caller.send("POST", "deposits", {"pipeline": "short", **said})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["deposit_id"])


def put(caller: Caller, deposit: str, path: str, data: bytes, **headers: str) -> Any:  # noqa: ANN401  # Django's test response
    """Send a whole file; `path` as it stands in an address."""
    return caller.client.generic(
        "PUT",
        f"/api/v1/deposits/{deposit}/files/{path}",
        data,
        "application/octet-stream",
        headers=headers,
        CONTENT_LENGTH=str(len(data)),
        **as_served(f"/api/v1/deposits/{deposit}/files/{path}"),
    )


def as_served(address: str) -> dict[str, Any]:
    """Return what the served application adds to a request: its path to the byte."""
    return {"muniment.path": unquote_to_bytes(address).decode("latin-1")}


def begin(caller: Caller, deposit: str, path: bytes, size: int, **headers: str) -> Any:  # noqa: ANN401  # likewise
    """Begin a file by tus."""
    said = {"upload-length": str(size), "upload-metadata": f"path {b64(path)}"}
    return caller.client.generic(
        "POST", f"/api/v1/deposits/{deposit}/files", headers={**TUS, **said, **headers}
    )


def patch(caller: Caller, address: str, offset: object, data: bytes, **headers: str) -> Any:  # noqa: ANN401  # likewise
    """Send the next bytes by tus."""
    return caller.client.generic(
        "PATCH",
        address,
        data,
        "application/offset+octet-stream",
        headers={**TUS, "upload-offset": str(offset), **headers},
        CONTENT_TYPE="application/offset+octet-stream",
        CONTENT_LENGTH=str(len(data)),
    )


def offset(caller: Caller, address: str) -> int:
    """Ask how many bytes are there."""
    answer = caller.client.head(address, headers=TUS)
    assert answer.status_code == 200
    return int(answer["Upload-Offset"])


def b64(data: bytes) -> str:
    """Write base64."""
    return base64.b64encode(data).decode()


def sha256(data: bytes) -> str:
    """Return the value of Repr-Digest."""
    return f"sha-256=:{b64(hashlib.sha256(data).digest())}:"
