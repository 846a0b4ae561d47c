"""Files from web servers: only from hosts that an administrator lists (archive spec §1, S14)."""

from __future__ import annotations

from muniment.connectors.web.allowed_hosts import AllowedHosts
from muniment.connectors.web.ports import NotGiven, Refusal, WebFile, WebFiles

__all__ = ["AllowedHosts", "NotGiven", "Refusal", "WebFile", "WebFiles"]
