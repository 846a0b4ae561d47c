"""Builders: files in a work area, staged versions of them, and what a version holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import md5, sha512
from pathlib import Path

from muniment.information.identifiers import ObjectId, new_object_id
from muniment.storage.ports import StorageRoot
from muniment.storage.types import SealedVersion, StagedFile, StagedVersion

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass
class Bench:
    """A work area below the home of a root; `staged` writes sources and describes them."""

    area: Path
    object_id: ObjectId = field(default_factory=new_object_id)

    def source(self, content: bytes) -> Path:
        """Return a file with this content."""
        self.area.mkdir(parents=True, exist_ok=True)
        path = self.area / sha512(content).hexdigest()[:32]
        if not path.exists():
            path.write_bytes(content)
        return path

    def staged(self, state: Mapping[str, bytes], *, head: int = 0) -> StagedVersion:
        """Stage a version with this logical state on `head`."""
        files = [self.file(path, content) for path, content in state.items()]
        return StagedVersion(
            object_id=self.object_id,
            expected_head=head,
            files=lambda: iter(files),
            message=f"version {head + 1}",
            user_name="Ada",
            user_address="mailto:ada@example.org",
            created_at=AT + timedelta(days=head),
        )

    def file(self, path: str, content: bytes) -> StagedFile:
        """Describe one file with its digests."""
        return StagedFile(
            path,
            self.source(content),
            len(content),
            sha512(content).hexdigest(),
            {"md5": md5(content, usedforsecurity=False).hexdigest()},
        )


def seal_state(
    root: StorageRoot, bench: Bench, state: Mapping[str, bytes], *, head: int = 0
) -> SealedVersion:
    """Seal a logical state on `head`."""
    return root.seal(bench.staged(state, head=head))


def state_of(root: StorageRoot, object_id: ObjectId, number: int | None = None) -> dict[str, bytes]:
    """Read a version back, every byte of it."""
    state = {}
    with root.open_version(object_id, number) as version:
        for entry in version.entries():
            with version.open(entry.logical_path) as stream:
                state[entry.logical_path] = stream.read()
    return state
