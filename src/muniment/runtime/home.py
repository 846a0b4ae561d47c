"""The archive's home: the one folder that an embedded archive lives in (DESIGN §6)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ArchiveHome:
    """Names the places inside the home; makes nothing."""

    path: Path

    @classmethod
    def from_environment(cls) -> ArchiveHome:
        """Return the home that MUNIMENT_HOME names, `./muniment-data` without it."""
        return cls(Path(os.environ.get("MUNIMENT_HOME") or "muniment-data").absolute())

    @property
    def settings_file(self) -> Path:
        return self.path / "muniment.toml"

    @property
    def database(self) -> Path:
        return self.path / "muniment.sqlite3"

    @property
    def secret_key(self) -> Path:
        """What sessions are signed with; readable by the archive's user alone."""
        return self.path / "secret.key"

    @property
    def storage_root(self) -> Path:
        """The embedded OCFL storage root; holds nothing but OCFL."""
        return self.path / "storage"

    @property
    def ledger(self) -> Path:
        return self.path / "ledger"

    @property
    def work(self) -> Path:
        """Work areas of submissions, staging, locks: all on the file system of the storage root."""
        return self.path / "work"

    @property
    def metrics(self) -> Path:
        """What each process counted, by machine; may be lost at any time."""
        return self.path / "metrics"

    @property
    def previews(self) -> Path:
        """Pictures of files, made when they are first looked at; may be removed at any time."""
        return self.path / "previews"

    @property
    def exports(self) -> Path:
        """What people asked for of many objects at once, a folder for each job."""
        return self.path / "exports"

    @property
    def quarantine(self) -> Path:
        return self.path / "quarantine"

    @property
    def receipts(self) -> Path:
        """One JSON document for each submission that ended."""
        return self.path / "receipts"
