"""Builds bags by hand for tests: not with our own writer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from muniment.information.bagit import BagReport, validate_bag

PAYLOAD: Mapping[str, bytes] = {"a.txt": b"one", "deep/b.txt": b"two", "empty": b""}


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag on disk, to be spoilt."""

    folder: Path

    def write(self, name: str, text: str, encoding: str = "utf-8") -> None:
        """Replace a tag file."""
        (self.folder / name).write_bytes(text.encode(encoding))

    def append(self, name: str, text: str) -> None:
        """Add to a tag file."""
        with (self.folder / name).open("a", encoding="utf-8") as stream:
            stream.write(text)

    def put(self, path: str, content: bytes) -> None:
        """Write any file of the bag."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(content)

    def declare(self, version: str, encoding: str = "UTF-8") -> None:
        """Replace bagit.txt."""
        text = f"BagIt-Version: {version}\nTag-File-Character-Encoding: {encoding}\n"
        self.write("bagit.txt", text)

    def report(self) -> BagReport:
        """Validate."""
        return validate_bag(self.folder, 0)

    def faults(self) -> list[tuple[str, str | None]]:
        """Validate; return code and path of each finding."""
        return [(finding.code, finding.path) for finding in self.report().findings]


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


def a_bag(
    folder: Path,
    payload: Mapping[str, bytes] = PAYLOAD,
    *,
    version: str = "1.0",
    algorithms: Sequence[str] = ("md5",),
) -> Bag:
    """Write a bag without bag-info.txt and tag manifests."""
    bag = Bag(folder)
    (folder / "data").mkdir(parents=True)
    bag.declare(version)
    for path, content in payload.items():
        bag.put(f"data/{path}", content)
    for algorithm in algorithms:
        lines = [
            f"{hashlib.new(algorithm, content).hexdigest()}  data/{path}\n"
            for path, content in payload.items()
        ]
        bag.write(f"manifest-{algorithm}.txt", "".join(lines))
    return bag
