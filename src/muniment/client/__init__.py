"""A client of the REST API: over HTTP only, without Django."""

from __future__ import annotations

from muniment.client.client import Client, Document, Page, Shown
from muniment.client.transport import Transport
from muniment.client.uploads import upload_file, upload_folder

__all__ = ["Client", "Document", "Page", "Shown", "Transport", "upload_file", "upload_folder"]
