"""Scanners for malware: ClamAV's daemon and its command, and how one is found."""

from __future__ import annotations

import shutil

from muniment.ingest.adapters.clamd import ClamdScanner, clamd_socket
from muniment.ingest.adapters.clamscan import ClamscanScanner
from muniment.ingest.ports import MalwareScanner
from muniment.runtime.settings import Settings


def find_scanner(settings: Settings) -> MalwareScanner | None:
    """Return the daemon when it runs, else the command when it is installed, else None."""
    socket = clamd_socket(settings.clamd_socket)
    if socket is not None:
        return ClamdScanner(socket)
    command = shutil.which("clamscan")
    return ClamscanScanner(command, settings.clamav_database) if command else None
