"""Pictures and texts of files, made when they are first asked for."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from threading import BoundedSemaphore

from muniment.catalogue.models import File
from muniment.formats.previews.kinds import PreviewKind, preview_kind
from muniment.formats.previews.texts import MOST_BYTES, ShownText, shown_text
from muniment.information.identifiers import ObjectId
from muniment.runtime.contained import Limits, run_contained
from muniment.runtime.contained.wire import path_text
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import (
    InvalidPackage,
    ObjectMissing,
    ToolFailed,
    ToolTimeout,
    Unavailable,
)
from muniment.runtime.home import ArchiveHome
from muniment.storage.ports import StorageRoot, StoredVersion

_LIMITS = {"wall_s": 20.0, "cpu_s": 20, "memory_bytes": 768 << 20, "file_bytes": 64 << 20}
_AT_ONCE = BoundedSemaphore(2)
"""Drawings of one process at a time: pages of others must not wait for pictures."""
_PATIENCE_S = 15


def kind_of(file: File) -> PreviewKind | None:
    """Return how a file can be shown, None when it cannot."""
    return preview_kind(file.mime_type, file.size_bytes, file.properties or {})


def logical_path(file: File) -> str:
    """Return where a file lies in its version."""
    return f"representations/{file.representation.name}/data/{file.path}"


def open_version_of(file: File, root: StorageRoot) -> StoredVersion:
    """Open the newest version that has the file; raises as `open_version` does."""
    number = file.last_version or file.entity.head
    return root.open_version(ObjectId(str(file.entity.object_id)), number)


def text_of(file: File, *, root: StorageRoot) -> ShownText:
    """Return the beginning of a text; ObjectMissing for what is none."""
    if kind_of(file) is not PreviewKind.TEXT:
        raise ObjectMissing("this file cannot be shown as text")
    with open_version_of(file, root) as version, version.open(logical_path(file)) as stream:
        data = stream.read(MOST_BYTES)
    hint = str((file.properties or {}).get("text.encoding", ""))
    return shown_text(data, is_cut=file.size_bytes > len(data), hint=hint)


def picture_of(file: File, *, root: StorageRoot, home: ArchiveHome) -> Path:
    """Return the PNG of an image or of the first page of a PDF; drawn once for the same bytes.

    What cannot be drawn is remembered as well. Raises ObjectMissing (there is no picture of it),
    Unavailable (too many are being drawn), StorageUnavailable.
    """
    if kind_of(file) is not PreviewKind.PICTURE:
        raise ObjectMissing("there is no picture of this file")
    name = bytes(file.sha512).hex()
    drawn = home.previews / name[:2] / f"{name}.png"
    if not drawn.exists():
        _draw_in_turn(file, drawn, root)
    if not drawn.stat().st_size:
        raise ObjectMissing("this file cannot be drawn")
    return drawn


def _draw_in_turn(file: File, drawn: Path, root: StorageRoot) -> None:
    if not _AT_ONCE.acquire(timeout=_PATIENCE_S):
        raise Unavailable("too many pictures are being drawn; look again in a moment")
    try:
        with storage_errors(str(drawn)):
            drawn.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix="draw-", dir=drawn.parent) as folder:
                made = _draw(file, Path(folder), root)
                made.replace(drawn)
    finally:
        _AT_ONCE.release()


def _draw(file: File, folder: Path, root: StorageRoot) -> Path:
    """Return what was drawn; an empty file where nothing can be."""
    source, out = folder / "source", folder / "out.png"
    with (
        open_version_of(file, root) as version,
        version.open(logical_path(file)) as stream,
        source.open("xb") as copy,
    ):
        shutil.copyfileobj(stream, copy, 1 << 20)
    arguments = {
        "path": path_text(source),
        "out": path_text(out),
        "is_pdf": file.mime_type.startswith("application/pdf"),
    }
    try:
        run_contained(
            "muniment.formats.previews.drawing:draw",
            arguments,
            limits=Limits(**_LIMITS, writable=(folder,)),  # type: ignore[arg-type]  # its own names
        )
    except ToolTimeout as exc:
        raise Unavailable("the picture took too long; look again in a moment") from exc
    except (InvalidPackage, ToolFailed):
        out.write_bytes(b"")
    return out
