"""Takes the entries of one package, one after the other, into a folder of ours.

The readers of the several forms hand every entry to one `Intake`: there each rule of the archive
spec §1 stands once. Memory does not grow with the number of files.
"""

# ruff: noqa: PTH102, PTH108, PTH112  # names are bytes here, which pathlib does not take

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import BinaryIO, NoReturn

from muniment.information.listing import ListedFile, listing_line
from muniment.information.paths import PathFault, SafePath, encode_name, safe_path, shown
from muniment.information.unpacking.report import LinkPolicy, UnpackLimits
from muniment.runtime.digest_algorithms import BLOCK_BYTES
from muniment.runtime.digests import Digester, Digests
from muniment.runtime.errors import NoSpace
from muniment.runtime.findings import Finding, Severity, code_table

CODES = code_table(__package__)
Progress = Callable[[int, int | None, str], None]

PROGRESS_FILES = 64
_ZEROS = bytes(BLOCK_BYTES)


class StopUnpacking(Exception):  # not an error: the finding is already written
    """A limit is reached; what came so far is reported."""


class CannotCreate(Exception):  # turned into a finding by the caller
    """The path is taken already, or one of its folders is a file."""


class Intake:
    """The folder, the listing and the report of one package while it is taken in."""

    def __init__(  # one for each thing that a reader must keep to
        self,
        folder: Path,
        listing: BinaryIO,
        *,
        limits: UnpackLimits,
        algorithms: Collection[str],
        links: LinkPolicy,
        progress: Progress | None,
    ) -> None:
        self.folder = os.fsencode(folder)
        self.limits = limits
        self.algorithms = tuple(sorted({"sha256", "sha512", *algorithms}))
        self.links = links
        self.findings: list[Finding] = []
        self.file_count = 0
        self.renamed_count = 0
        self.size_bytes = 0
        self.deferred_links: list[tuple[SafePath, bytes]] = []
        self._listing = listing
        self._progress = progress
        self._entries = 0
        self._told: Counter[Severity] = Counter()
        self._planned_bytes = 0
        self._made: set[bytes] = set()
        self._folders = 0
        self._room_bytes = _room(folder, limits)

    def fault(self, code: str, path: str | None = None, **params: str) -> None:
        """Write down one finding. Raises StopUnpacking when there are too many errors."""
        severity, most = CODES[code].severity, self.limits.max_findings
        self._told[severity] += 1
        if self._told[severity] > most:
            return  # only warnings come so far: they refuse nothing, and are counted on
        # mypy cannot know that no text has a place named `severity`.
        finding = CODES.finding(code, path=path, **params)  # type: ignore[arg-type]  # texts only
        self.findings.append(finding)
        if severity is Severity.ERROR and self._told[severity] == most:
            self.findings.append(CODES.finding("limit-findings", limit=str(most)))
            raise StopUnpacking

    def all_findings(self) -> tuple[Finding, ...]:
        """Return what was written down, and how many warnings more there were."""
        more = self._told[Severity.WARNING] - self.limits.max_findings
        if more > 0:
            return (*self.findings, CODES.finding("warnings-left-out", count=str(more)))
        return tuple(self.findings)

    def path_of(self, name: bytes) -> SafePath | None:
        """Count one entry and judge its name; a refused one is a finding and None."""
        self._count_entry()
        path = safe_path(name)
        if isinstance(path, PathFault):
            self.fault(path.value, shown(encode_name(name)))
            return None
        if not path.path.isprintable() or "%" in path.path:
            self._warn_of_controls(name, path.path)
        if "\\" in path.path:
            self.fault("name-backslash", path.path)
        return path

    def _count_entry(self) -> None:
        self._entries += 1
        if self._entries > self.limits.max_entries:
            self._refuse_more_entries()

    def _refuse_more_entries(self) -> NoReturn:
        self.fault("limit-entries", limit=str(self.limits.max_entries))
        raise StopUnpacking

    def _warn_of_controls(self, name: bytes, path: str) -> None:
        if any(byte < 0x20 or byte == 0x7F for byte in name):
            self.fault("name-control", path)

    def plan(self, path: SafePath, size_bytes: int) -> None:
        """Reserve room for a file. Raises StopUnpacking or NoSpace when it does not fit."""
        self._planned_bytes += size_bytes
        limit = self.limits.max_bytes
        if limit is not None and self._planned_bytes > limit:
            self.fault("limit-bytes", path.path, limit=str(limit))
            raise StopUnpacking
        if self._planned_bytes > self._room_bytes:
            raise NoSpace(
                f"the package needs more than the {self._room_bytes} bytes that are free "
                f"beside the reserve of {self.limits.reserve_bytes}; free some and retry"
            )

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it. Raises CannotCreate when a file is in the way.

        Raises StopUnpacking for too many: one entry may ask for a thousand folders.
        """
        encoded = path.encode()
        ends = []
        end = len(encoded)
        while end > 0 and encoded[:end] not in self._made:
            ends.append(end)
            end = encoded.rfind(b"/", 0, end)
        for end in reversed(ends):
            self._make_one_folder(encoded[:end])

    def _make_one_folder(self, path: bytes) -> None:
        place = self.folder + b"/" + path
        try:
            os.mkdir(place)
        except FileExistsError:
            if not os.path.isdir(place):
                raise CannotCreate from None
        else:
            self._folders += 1
            if self._folders > self.limits.max_entries:
                self._refuse_more_entries()
        if len(self._made) > 10_000:
            self._made.clear()  # a cache only; keeps memory flat
        self._made.add(path)

    def target(self, path: SafePath) -> bytes:
        """Return where a file goes; its folder is made. Raises CannotCreate."""
        self.make_folder(path.path.rpartition("/")[0])
        return self.folder + b"/" + path.path.encode()

    def take_folder(self, name: bytes) -> bool:
        """Take a folder entry; False when it is refused, and what lies in it should be too."""
        if _is_root(name):
            self._count_entry()
            return True
        path = self.path_of(name)
        if path is None:
            return False
        try:
            self.make_folder(path.path)
        except CannotCreate:
            self.fault("path-twice", path.path)
            return False
        return True

    def take_file(self, path: SafePath, blocks: Iterable[bytes], modified_at: str | None) -> None:
        """Write and digest one file in one pass; the blocks may raise for damaged content."""
        try:
            place = self.target(path)
            target = _create(place)
        except CannotCreate:
            self.fault("path-twice", path.path)
            return
        try:
            digests = _write(target, blocks, Digester(self.algorithms))
        except BaseException:
            os.unlink(place)  # the package holds what is listed and nothing else
            raise
        finally:
            os.close(target)
        self.listed(path, digests, modified_at)

    def listed(self, path: SafePath, digests: Digests, modified_at: str | None) -> None:
        """Write one line of the listing and tell how far we are."""
        line = ListedFile(
            path.path, path.original_name, digests.size_bytes, digests.by_algorithm, modified_at
        )
        self._listing.write(listing_line(line))
        self.file_count += 1
        # A percent sign in our path always stands for a byte that could not stay.
        self.renamed_count += path.path != path.original_name or "%" in path.path
        self.size_bytes += digests.size_bytes
        if self._progress and self.file_count % PROGRESS_FILES == 0:
            self._progress(self.file_count, None, path.path)

    def take_special(self, name: bytes, kind: str) -> None:
        """Refuse a device, FIFO, socket or what else is neither file nor folder nor link."""
        if path := self.path_of(name):
            self.fault("entry-special", path.path, kind=kind)

    def take_link(self, name: bytes, link_target: bytes) -> None:
        """Refuse a symbolic link, or keep it to be copied when all files are there."""
        path = self.path_of(name)
        if path is None:
            return
        inside = inside_package(name, link_target)
        target = shown(encode_name(link_target))
        if inside is None:
            self.fault("link-leaves", path.path, target=target)
        elif self.links is LinkPolicy.REFUSE:
            self.fault("link-refused", path.path, target=target)
        elif len(self.deferred_links) >= self.limits.max_links:
            self.fault("limit-links", path.path, limit=str(self.limits.max_links))
            raise StopUnpacking
        else:
            self.deferred_links.append((path, inside))


def _is_root(name: bytes) -> bool:
    """Say whether it is the package root itself, as `tar -C folder .` writes it."""
    return name.startswith(b".") and not name.strip(b"./") and b".." not in name


def inside_package(name: bytes, link_target: bytes) -> bytes | None:
    """Return the path that a symbolic link leads to, or None when it leaves the package.

    Resolved by words alone: no link is ever followed on a disk.
    """
    if link_target.startswith((b"/", b"\\")) or b"\0" in link_target or not link_target:
        return None
    parts = [part for part in name.split(b"/")[:-1] if part not in {b"", b"."}]
    for part in link_target.split(b"/"):
        if part == b"..":
            if not parts:
                return None
            parts.pop()
        elif part not in {b"", b"."}:
            parts.append(part)
    return b"/".join(parts)


def _room(folder: Path, limits: UnpackLimits) -> int:
    system = os.statvfs(folder)
    return max(system.f_bavail * system.f_frsize - limits.reserve_bytes, 0)


def _create(target: bytes) -> int:
    try:
        return os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    except FileExistsError:
        raise CannotCreate from None


def _write(target: int, blocks: Iterable[bytes], digester: Digester) -> Digests:
    """Write blocks; a whole block of zeros stays a hole, so that sparse files stay sparse."""
    at = 0
    for block in blocks:
        digester.update(block)
        if len(block) != BLOCK_BYTES or block != _ZEROS:
            view = memoryview(block)
            while view:
                written = os.pwrite(target, view, at + len(block) - len(view))
                view = view[written:]
        at += len(block)
    os.ftruncate(target, at)
    return digester.result()
