"""The bytes of a file, as pages and API give them out."""

from __future__ import annotations

import os
from typing import BinaryIO
from uuid import UUID

from muniment.catalogue.models import File
from muniment.catalogue.queries.files import file_for
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor
from muniment.runtime.errors import CorruptObject
from muniment.runtime.http.downloads import Download
from muniment.runtime.registry import adapter_of
from muniment.storage.ports import StorageRoot

_COLUMNS = (
    "path",
    "size_bytes",
    "sha512",
    "last_version",
    "entity__object_id",
    "entity__owner",
    "entity__head",
    "representation__name",
)
"""What a download needs; a viewer asks for hundreds of ranges, so each reads no more."""


def content_of(actor: Actor, file_id: UUID) -> Download:
    """Return a file of an object that the actor may export; raises as `file_for` does."""
    file = file_for(actor, file_id, action="object.export", columns=_COLUMNS)
    return Download(
        name=file.path.rpartition("/")[2],
        size_bytes=file.size_bytes,
        sha512=bytes(file.sha512).hex(),
        open=lambda: _opened(file),
    )


def _opened(file: File) -> BinaryIO:
    """Open the stored bytes; what is not as long as it was sealed is not given out."""
    root = adapter_of(StorageRoot)  # type: ignore[type-abstract]  # a port is a Protocol
    number = file.last_version or file.entity.head
    path = f"representations/{file.representation.name}/data/{file.path}"
    stream = root.open_content(ObjectId(str(file.entity.object_id)), number, path)
    size_bytes = stream.seek(0, os.SEEK_END)
    if size_bytes != file.size_bytes:
        stream.close()
        raise CorruptObject(f"{path} has {size_bytes} bytes, sealed were {file.size_bytes}")
    stream.seek(0)
    return stream
