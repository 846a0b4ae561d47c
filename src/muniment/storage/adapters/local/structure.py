"""Declarations, inventories and sidecars of an object, as seal and fixity need them."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from muniment.information.ocfl import (
    INVENTORY,
    Declares,
    InventoryIndex,
    declaration_name,
    load_inventory,
    parse_version_name,
    read_head,
    read_sidecar,
    sidecar_name,
)
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import CorruptObject, Damaged, StorageUnavailable
from muniment.storage.types import (
    ContentFile,
    FixityLine,
    FixityResult,
    SealedVersion,
    StagedVersion,
)

SIDECAR = sidecar_name("sha512")


def load(folder: Path) -> InventoryIndex:
    """Read and verify the root inventory. A file that is gone is CorruptObject, not unavailable."""
    try:
        return load_inventory(folder)
    except StorageUnavailable as exc:
        if _is_missing(exc):
            raise CorruptObject(f"{folder} lacks its inventory or the sidecar") from exc
        raise


def same_version(
    index: InventoryIndex, staged: StagedVersion, folder: Path
) -> SealedVersion | None:
    """Return the version that an earlier call made of `staged`; None when it is another one."""
    number = staged.expected_head + 1
    record = index.version(number)
    made = (record.created_at, record.message, record.user_name)
    if made != (staged.created_at, staged.message, staged.user_name):
        return None
    file_count = size_bytes = 0
    for file in staged.files():
        if index.digest_of(number, file.logical_path) != file.sha512:
            return None
        file_count += 1
        size_bytes += file.size_bytes
    if file_count != index.file_count(number):
        return None
    with storage_errors(str(folder)):
        inventory = folder / record.name / INVENTORY
        with inventory.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha512").hexdigest()
        prefix = f"{record.name}/"
        brought = (path for _, path in index.manifest() if path.startswith(prefix))
        new_bytes = sum((folder / path).stat().st_size for path in brought)
    return SealedVersion(
        object_id=staged.object_id,
        number=number,
        inventory_sha512=digest,
        created_at=staged.created_at,
        file_count=file_count,
        size_bytes=size_bytes,
        new_bytes=new_bytes,
        was_there=True,
    )


def content_files(index: InventoryIndex) -> Iterator[ContentFile]:
    """Give each file of the manifest with all its recorded digests, ordered by path."""
    for path, digest, further in index.content():
        yield ContentFile(path, {**further, index.header.digest_algorithm: digest})


def lost_content(
    folder: Path, index: InventoryIndex, sizes: Iterable[tuple[str, int]]
) -> Iterator[FixityLine]:
    """Give content files that are missing, cannot be looked at, or are not as long as they were.

    `sizes` are known sizes by SHA-512, ordered by it, as the manifest is; memory is flat.
    """
    known = iter(sizes)
    now = next(known, None)
    for digest, path in index.manifest():
        while now is not None and now[0] < digest:
            now = next(known, None)
        size_bytes = now[1] if now is not None and now[0] == digest else None
        line = _looked_at(folder, path, size_bytes)
        if line is not None:
            yield line


def _looked_at(folder: Path, path: str, size_bytes: int | None) -> FixityLine | None:
    try:
        status = os.lstat(f"{folder}/{path}")
    except (FileNotFoundError, NotADirectoryError):
        return FixityLine(path, FixityResult.MISSING, reason="it is missing")
    except OSError as exc:
        return FixityLine(path, FixityResult.COULD_NOT_READ, reason=str(exc.strerror))
    if not stat.S_ISREG(status.st_mode):
        return FixityLine(path, FixityResult.COULD_NOT_READ, reason="it is no regular file")
    if size_bytes not in {None, status.st_size}:
        reason = f"it has {status.st_size} bytes, sealed were {size_bytes}"
        return FixityLine(path, FixityResult.MISMATCH, reason=reason)
    return None


def head_of(folder: Path) -> int:
    """Return the number of the newest version.

    Raises CorruptObject when the inventory names none that is there, StorageUnavailable.
    """
    with storage_errors(str(folder / INVENTORY)), (folder / INVENTORY).open("rb") as stream:
        head = read_head(stream)
    if not (folder / f"v{head}").is_dir():
        raise CorruptObject(f"{folder}: the inventory names version v{head}, which is not there")
    return head


def check(folder: Path) -> list[FixityLine]:
    """Check that declaration, inventories and sidecars are there and belong together.

    Inventories are hashed, not parsed: what is sealed as it was written can be read. Costs what is
    there, however many versions a damaged inventory claims.
    """
    lines = _missing(folder, declaration_name(Declares.OBJECT))
    root, found = _check_inventory(folder, "")
    lines += found
    try:
        with storage_errors(INVENTORY), (folder / INVENTORY).open("rb") as stream:
            head = read_head(stream)
        present = [number for number in _versions_in(folder) if number <= head]
    except (Damaged, StorageUnavailable) as exc:
        return lines or [_line(INVENTORY, exc)]
    for before, number in pairwise([0, *present, head + 1]):
        if number > before + 1:
            lines.append(_missing_versions(before + 1, number - 1))
    for number in present:
        name = f"v{number}/"
        digest, found = _check_inventory(folder, name)
        lines += found
        if number == head and digest and root and digest != root:
            reason = "differs from the inventory of the object (E064)"
            lines.append(FixityLine(name + INVENTORY, FixityResult.MISMATCH, reason=reason))
    return lines


def _versions_in(folder: Path) -> list[int]:
    with storage_errors(str(folder)):
        names = os.listdir(folder)  # noqa: PTH208  # names are enough
    versions = (parse_version_name(name) for name in names)
    return sorted(number for number, width in filter(None, versions) if not width)


def _missing_versions(first: int, last: int) -> FixityLine:
    reason = "its folder is missing" if first == last else f"v{first} to v{last} are missing"
    return FixityLine(f"v{first}", FixityResult.MISSING, reason=reason)


def _check_inventory(folder: Path, prefix: str) -> tuple[str | None, list[FixityLine]]:
    """Return the digest of an inventory that is as its sidecar says, and what is wrong with it."""
    absent = _missing(folder, prefix + INVENTORY, prefix + SIDECAR)
    if absent:
        return None, absent
    try:
        recorded = read_sidecar(folder / prefix, "sha512")
        with storage_errors(prefix + INVENTORY), (folder / prefix / INVENTORY).open("rb") as file:
            digest = hashlib.file_digest(file, "sha512").hexdigest()
    except (Damaged, StorageUnavailable) as exc:
        return None, [_line(prefix + SIDECAR, exc)]
    if digest == recorded:
        return digest, []
    path = prefix + INVENTORY
    line = FixityLine(
        path, FixityResult.MISMATCH, algorithm="sha512", expected=recorded, found=digest
    )
    return None, [line]


def _missing(folder: Path, *names: str) -> list[FixityLine]:
    absent = [name for name in names if not (folder / name).exists()]
    return [FixityLine(name, FixityResult.MISSING) for name in absent]


def _line(path: str, exc: Damaged | StorageUnavailable) -> FixityLine:
    if _is_missing(exc):
        return FixityLine(path, FixityResult.MISSING, reason=str(exc))
    if isinstance(exc, Damaged):
        return FixityLine(path, FixityResult.MISMATCH, reason=str(exc))
    return FixityLine(path, FixityResult.COULD_NOT_READ, reason=str(exc))


def _is_missing(exc: BaseException | None) -> bool:
    """Say whether a file that is not there is at the bottom of it."""
    while exc is not None:
        if isinstance(exc, FileNotFoundError):
            return True
        exc = exc.__cause__
    return False
