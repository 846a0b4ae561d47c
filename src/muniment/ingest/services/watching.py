"""A watched folder: what appears in it is handed in once, when it has stopped changing."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from muniment.ingest.models import Submission
from muniment.ingest.services.submissions import SubmissionRequest, submit
from muniment.runtime.actor import Actor
from muniment.runtime.clock import Clock
from muniment.runtime.durable import storage_errors

_IGNORED_SUFFIXES = (".part", ".partial", ".crdownload", ".filepart", ".tmp")


@dataclass(slots=True)
class WatchedFolder:
    """Looks at the entries of a folder; remembers how they looked the last time.

    An entry is taken when its names, sizes and times are the same in two looks that are at least
    `settle_s` seconds apart. Hidden entries and the usual names of unfinished copies wait.
    """

    folder: Path
    settle_s: float
    _seen: dict[bytes, tuple[str, float]] = field(default_factory=dict)

    def settled(self, now_s: float) -> list[tuple[Path, str]]:
        """Return the entries that have settled, each with its fingerprint."""
        with storage_errors(str(self.folder)):
            entries = sorted(self.folder.iterdir())
        found = []
        for entry in entries:
            if entry.name.startswith(".") or entry.name.endswith(_IGNORED_SUFFIXES):
                continue
            fingerprint = fingerprint_of(entry)
            first = self._remember(os.fsencode(entry), fingerprint, now_s)
            if now_s - first >= self.settle_s:
                found.append((entry, fingerprint))
        return found

    def _remember(self, name: bytes, fingerprint: str, now_s: float) -> float:
        known = self._seen.get(name)
        if known is None or known[0] != fingerprint:
            self._seen[name] = (fingerprint, now_s)
            return now_s
        return known[1]


def fingerprint_of(entry: Path) -> str:
    """Return a digest over names, sizes and change times of an entry and all below it."""
    digest = hashlib.sha256(os.fsencode(entry.absolute()))
    for folder, names, files in os.walk(entry):
        names.sort()
        for name in sorted(files):
            _add(digest, Path(folder, name))
    _add(digest, entry)
    return digest.hexdigest()


def _add(digest: hashlib._Hash, path: Path) -> None:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return  # it went while we looked: the next look sees another fingerprint
    digest.update(os.fsencode(path))
    digest.update(f"\0{status.st_size}\0{status.st_mtime_ns}\0".encode())


def take_settled(
    watched: WatchedFolder, *, pipeline: str | None, actor: Actor, clock: Clock
) -> list[Submission]:
    """Hand in every settled entry that was not handed in as it is now; return the new ones."""
    settled = watched.settled(clock.monotonic_s())
    known = set(
        Submission.objects.filter(
            fingerprint__in=[fingerprint for _, fingerprint in settled]
        ).values_list("fingerprint", flat=True)
    )
    return [
        submit(
            SubmissionRequest(entry, pipeline, fingerprint=fingerprint), actor=actor, clock=clock
        )
        for entry, fingerprint in settled
        if fingerprint not in known
    ]
