"""A client of the REST API: over HTTP only, without Django."""

from __future__ import annotations

from muniment.client.client import Client, Document, Page
from muniment.client.transport import Transport

__all__ = ["Client", "Document", "Page", "Transport"]
