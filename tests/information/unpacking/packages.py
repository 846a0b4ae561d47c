"""Builds packages for the tests of unpacking, honest and hostile."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from muniment.information.listing import ListedFile, read_listing
from muniment.information.unpacking import UnpackLimits, UnpackReport, receive

SMALL = UnpackLimits(reserve_bytes=0)


@dataclass(frozen=True, slots=True)
class Received:
    """The report, the listing and the folder of one receive."""

    report: UnpackReport
    files: list[ListedFile]
    package: Path

    @property
    def codes(self) -> list[tuple[str, str | None]]:
        """The findings, as code and path."""
        return [(finding.code, finding.path) for finding in self.report.findings]

    @property
    def content(self) -> dict[str, bytes]:
        """The bytes of every listed file, by safe path."""
        return {file.path: (self.package / file.path).read_bytes() for file in self.files}


def received(
    source: Path,
    work: Path,
    *,
    limits: UnpackLimits = SMALL,
    algorithms: Collection[str] = (),
    links: Literal["refuse", "copy"] = "refuse",
) -> Received:
    """Receive `source` into a new folder below `work`."""
    work.mkdir(exist_ok=True)
    package, listing = work / "package", work / "listing.jsonl"
    report = receive(source, package, listing, limits=limits, algorithms=algorithms, links=links)
    return Received(report, list(read_listing(listing)), package)


def received_bytes(
    data: bytes,
    work: Path,
    *,
    limits: UnpackLimits = SMALL,
    links: Literal["refuse", "copy"] = "refuse",
    name: str = "package",
) -> Received:
    """Receive a file of these bytes."""
    source = work / name
    source.write_bytes(data)
    return received(source, work / "work", limits=limits, links=links)


def a_folder(folder: Path, files: Mapping[bytes, bytes]) -> Path:
    """Write files under any names."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = bytes(folder) + b"/" + name
        Path(path.rpartition(b"/")[0].decode("utf-8", "surrogateescape")).mkdir(
            parents=True, exist_ok=True
        )
        Path(path.decode("utf-8", "surrogateescape")).write_bytes(content)
    return folder


def an_entry(name: str, content: bytes = b"", **fields: Any) -> tuple[tarfile.TarInfo, bytes]:  # noqa: ANN401  # any member of TarInfo
    """Make one tar entry; `fields` replace members of its header."""
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    for field, value in fields.items():
        setattr(entry, field, value)
    return entry, content


def a_tar(
    file: Path, *entries: tuple[tarfile.TarInfo, bytes], mode: str = "w:", format_: int = 2
) -> Path:
    """Write a tar archive of these entries, whatever they are."""
    with tarfile.open(file, mode, format=format_) as archive:  # type: ignore[call-overload]  # any mode
        for entry, content in entries:
            archive.addfile(entry, io.BytesIO(content))
    return file


def a_zip(file: Path, *entries: tuple[str | zipfile.ZipInfo, bytes], method: int = 8) -> Path:
    """Write a ZIP archive of these entries, whatever they are."""
    with zipfile.ZipFile(file, "w", method) as archive:
        for entry, content in entries:
            archive.writestr(entry, content)
    return file


def unix_entry(name: str, mode: int) -> zipfile.ZipInfo:
    """Make a ZIP entry with a Unix file type."""
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = mode << 16
    return entry
