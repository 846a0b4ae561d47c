"""Files from web servers: only from hosts that an administrator lists (archive spec §1, S14)."""

from __future__ import annotations

from muniment.connectors.web.allowed_hosts import AllowedHosts, AnyPublicHost
from muniment.connectors.web.ports import (
    NotGiven,
    Posted,
    Refusal,
    WebFile,
    WebFiles,
    WebPosts,
)

__all__ = [
    "AllowedHosts",
    "AnyPublicHost",
    "NotGiven",
    "Posted",
    "Refusal",
    "WebFile",
    "WebFiles",
    "WebPosts",
]
