"""Files that come by a form (multipart/form-data): streamed to the disk, digested on the way."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from muniment.ingest.deposit_area import areas_of, require_room
from muniment.runtime.digests import Digester
from muniment.runtime.durable import storage_errors
from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of
from muniment.runtime.settings import settings

FOLDER_PREFIX = "form-"
_LOOK_EVERY_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class FormFile:
    """One file that came whole: the name of its field, its own name, where it lies."""

    field: str
    name: str
    path: Path
    size_bytes: int
    digests: dict[str, str]


class FormFiles(FileUploadHandler):
    """Writes each file below `folder`; `found` lists those that came whole."""

    chunk_size = 256 * 1024

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.found: list[FormFile] = []
        self._descriptor = -1
        self._digester = Digester(["sha256"])
        self._look_at = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # Django's signature
        """Begin the next file."""
        super().new_file(*args, **kwargs)
        self.close()
        self._digester = Digester(["sha256"])
        self._look_at = 0
        with storage_errors("the work area of deposits"):
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    @property
    def _path(self) -> Path:
        return self.folder / str(len(self.found))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write the next bytes. Raises NoSpace, StopUpload over the quota."""
        if start >= self._look_at:
            self._look_at += _LOOK_EVERY_BYTES
            require_room(self.folder, 0, reserve_bytes=settings().disk_reserve_bytes)
            if start > settings().deposit_quota_bytes:
                raise StopUpload(connection_reset=True)
        self._digester.update(raw_data)
        view = memoryview(raw_data)
        with storage_errors("the work area of deposits"):
            while view:
                view = view[os.write(self._descriptor, view) :]

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        """Keep the file."""
        with storage_errors("the work area of deposits"):
            os.fsync(self._descriptor)
        path = self._path
        self.close()
        self.found.append(
            FormFile(
                self.field_name or "",
                self.file_name or "",
                path,
                file_size,
                dict(self._digester.result().by_algorithm),
            )
        )
        return UploadedFile(name=self.file_name, size=file_size)

    def close(self) -> None:
        """Close the file that is being written."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


@contextmanager
def form_files() -> Iterator[FormFiles]:
    """Give a handler with a folder of its own, which goes afterwards."""
    folder = areas_of(adapter_of(ArchiveHome)) / f"{FOLDER_PREFIX}{uuid.uuid4().hex}"
    with storage_errors("the work area of deposits"):
        folder.mkdir(parents=True)
    handler = FormFiles(folder)
    try:
        yield handler
    finally:
        handler.close()
        shutil.rmtree(folder, ignore_errors=True)
