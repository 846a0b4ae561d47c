"""Where producers put their descriptions in each kind of package, and what those are mapped to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from muniment.information.crosswalks import map_documents
from muniment.information.dublin_core import DublinCore
from muniment.ingest.package_facts import PackageFacts
from muniment.runtime.durable import storage_errors
from muniment.runtime.findings import Finding

_TYPED = "dublincore.xml"
"""In `metadata/` of a plain folder: Dublin Core that somebody wrote for the archive."""


def documents_beside(root: Path, folders: Iterable[str], *, content: str) -> Iterator[str]:
    """Yield the XML documents that lie directly in these folders, and the METS in `content`.

    Folders are paths below `root`, "" the root itself. Links are passed over.
    """
    for folder in folders:
        yield from _in_folder(root, folder, lambda name: name != _TYPED)
    yield from _in_folder(root, content, lambda name: "mets" in name)


def _in_folder(root: Path, folder: str, is_wanted: Callable[[str], bool]) -> Iterator[str]:
    place = root / folder
    if not place.is_dir() or place.is_symlink():
        return
    with storage_errors(str(place)):
        names = sorted(each.name for each in place.iterdir() if _is_document(each))
    for name in names:
        if is_wanted(name.lower()):
            yield f"{folder}/{name}" if folder else name


def _is_document(file: Path) -> bool:
    return file.suffix.lower() == ".xml" and file.is_file() and not file.is_symlink()


def with_mapped(
    facts: PackageFacts, root: Path, documents: Iterable[str], *, before: DublinCore | None = None
) -> tuple[PackageFacts, tuple[Finding, ...]]:
    """Return the facts with what the documents say, and what could not be mapped.

    `before` is what the package says in a coarser way, as the labels of bag-info.txt.
    """
    crosswalk = map_documents(root, documents)
    mapped = crosswalk.record.merged(before or DublinCore())
    return replace(facts, mapped=mapped, mapped_from=crosswalk.sources), crosswalk.findings
