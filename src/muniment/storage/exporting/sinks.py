"""Where an export goes, file by file: a folder with names of any bytes, or a ZIP."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

_ZIP_BEGINS = datetime(1980, 1, 1).astimezone()


class BytesFolderSink:
    """Writes below a new folder; paths are bytes, since a producer's names need not be UTF-8."""

    def __init__(self, folder: Path) -> None:
        self._folder = os.fsencode(folder)
        os.mkdir(self._folder)  # noqa: PTH102  # bytes

    def write(self, path: bytes, blocks: Iterable[bytes]) -> None:
        """Write one file and the folders above it."""
        target = self._folder + b"/" + path
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120  # bytes
        with open(target, "xb") as stream:  # noqa: PTH123  # bytes
            for block in blocks:
                stream.write(block)

    def make_folder(self, path: bytes) -> None:
        """Make a folder that was empty."""
        os.makedirs(self._folder + b"/" + path, exist_ok=True)  # noqa: PTH103  # bytes


class ZipSink:
    """Writes one ZIP, every file below `top`; stored, since most content is compressed already.

    Each entry carries `at`, so that the same version always gives the same bytes. ZIP64 is used
    where it is needed. A context manager: the directory is written at the end.
    """

    def __init__(self, path: Path, *, top: str, at: datetime) -> None:
        self._zip = zipfile.ZipFile(path, "x", allowZip64=True)
        self._top = top
        self._at = max(at, _ZIP_BEGINS).timetuple()[:6]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def write(self, path: str, blocks: Iterable[bytes]) -> None:
        """Write one file."""
        entry = zipfile.ZipInfo(f"{self._top}/{path}", self._at)
        entry.external_attr = 0o100644 << 16
        # Sizes come behind the data; without knowing them a 4 GiB file must be reckoned with.
        with self._zip.open(entry, "w", force_zip64=True) as stream:
            for block in blocks:
                stream.write(block)
