"""Compares what METS documents list with what is in the package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from muniment.information.digest_names import our_name
from muniment.information.eark.notes import PACKAGE, Notes
from muniment.information.eark.report import DeclaredFile
from muniment.information.listing import ListedFile
from muniment.information.mets import MetadataReference, MetsFile, name_of
from muniment.information.paths import encode_name, shorten_part
from muniment.runtime.digest_pool import DigestJob, digest_many
from muniment.runtime.digests import ALGORITHMS
from muniment.runtime.errors import StorageUnavailable
from muniment.runtime.findings import Finding, code_table


def inside(folder: str, href: str) -> str | None:
    """Return the listing's path for what an href means from `folder`; None outside the package.

    The href names the file as the producer has it; the listing has that name made safe.
    """
    name = name_of(href)
    if name is None:
        return None
    parts = folder.split("/")[:-1]
    for part in name.split(b"/"):
        if part == b"..":
            if not parts:
                return None
            parts.pop()
        elif part not in {b"", b"."}:
            parts.append(shorten_part(encode_name(part)))
    return "/".join(parts)


class Declarations:
    """The files that METS documents list; a file may be listed by several."""

    def __init__(self) -> None:
        self._by_path: dict[str, tuple[DeclaredFile, ...]] = {}

    def add(self, reference: MetsFile | MetadataReference, folder: str, notes: Notes) -> str | None:
        """Take one entry of the document in `folder`; return its path in the package."""
        path = inside(folder, reference.href)
        if path is None:
            notes.add("href-outside", href=reference.href)
            return None
        declared = DeclaredFile(
            notes.document,
            reference.size_bytes,
            reference.checksum_type,
            reference.checksum.lower(),
            reference.mime_type,
        )
        self._by_path[path] = (*self._by_path.get(path, ()), declared)
        return path

    def first_of_each(self) -> dict[str, DeclaredFile]:
        """Return each listed file with what the first document says of it."""
        return {path: declared[0] for path, declared in self._by_path.items()}

    def compare(self, root: Path, files: Iterable[ListedFile]) -> Iterator[Finding]:
        """Yield what is altered, undeclared or missing.

        Digests are those of the listing; for an algorithm that it lacks the file is read.
        """
        seen: set[str] = set()
        to_read: list[tuple[ListedFile, DeclaredFile]] = []
        for file in files:
            seen.add(file.path)
            declared = self._by_path.get(file.path, ())
            if not declared:
                yield _finding("file-undeclared", file.path)
            for each in declared:
                yield from _size(file, each)
                found = file.digests.get(our_name(each.algorithm))
                if found is not None:
                    yield from _digest(file.path, each, found)
                elif each.digest:
                    to_read.append((file, each))
        yield from _read(root, to_read)
        for path in sorted(self._by_path.keys() - seen):
            yield _finding("file-missing", path, document=self._by_path[path][0].document)


def _finding(
    code: str, path: str, *, expected: str = "", found: str = "", **params: str
) -> Finding:
    return code_table(PACKAGE).finding(
        code,
        path=path,
        expected=expected or None,
        found=found or None,
        file=path,
        **params,  # type: ignore[arg-type]  # texts of the message, never `severity`
    )


def _size(file: ListedFile, declared: DeclaredFile) -> Iterator[Finding]:
    if declared.size_bytes is not None and declared.size_bytes != file.size_bytes:
        expected, found = str(declared.size_bytes), str(file.size_bytes)
        yield _finding(
            "size-mismatch",
            file.path,
            document=declared.document,
            expected=expected,
            found=found,
        )


def _digest(path: str, declared: DeclaredFile, found: str) -> Iterator[Finding]:
    if declared.digest and found != declared.digest:
        yield _finding(
            "digest-mismatch",
            path,
            document=declared.document,
            algorithm=declared.algorithm,
            expected=declared.digest,
            found=found,
        )


def _read(root: Path, wanted: list[tuple[ListedFile, DeclaredFile]]) -> Iterator[Finding]:
    known = []
    for file, declared in wanted:
        if our_name(declared.algorithm) in ALGORITHMS:
            known.append((file, declared))
        else:
            yield _finding(
                "digest-unchecked",
                file.path,
                document=declared.document,
                algorithm=declared.algorithm or "digest without a name",
            )
    jobs = (
        DigestJob(root / file.path, (our_name(declared.algorithm),), (file, declared))
        for file, declared in known
    )
    for result in digest_many(jobs):
        file, declared = result.job.tag
        if not result.digests:
            raise StorageUnavailable(f"cannot read {file.path}: {result.reason}")
        yield from _digest(file.path, declared, result.digests[our_name(declared.algorithm)])
