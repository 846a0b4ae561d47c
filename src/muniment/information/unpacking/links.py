"""Copies the files that links of a package lead to, once all files are there."""

# ruff: noqa: PTH113, PTH116  # names are bytes here, which pathlib does not take

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from muniment.information.paths import PathFault, SafePath, encode_name, safe_path, shown
from muniment.information.unpacking.folder import take_result
from muniment.information.unpacking.intake import CannotCreate, Intake
from muniment.runtime.digest_pool import DigestJob, digest_many


def copy_linked_files(intake: Intake) -> None:
    """Turn the links that were kept into files; one that leads to no file is a finding."""
    links, intake.deferred_links = intake.deferred_links, []
    # All of them before the first copy is made: a half-written one is no file to copy.
    files = _Followed(intake.folder, {path.path: target for path, target in links})
    found = [(path, files.end_of(target)) for path, target in links]
    for result in digest_many(_jobs(found, intake)):
        take_result(result, intake)
    for (path, target), (_, source) in zip(links, found, strict=True):
        if source is None:
            intake.fault("link-dangling", path.path, target=shown(encode_name(target)))


def _jobs(found: Iterable[tuple[SafePath, bytes | None]], intake: Intake) -> Iterator[DigestJob]:
    for path, source in found:
        if source is None:
            continue
        intake.plan(path, os.stat(source).st_size)
        try:
            yield DigestJob(source, intake.algorithms, path, intake.target(path))
        except CannotCreate:
            intake.fault("path-twice", path.path)


class _Followed:
    """Follows links to files; each link is looked at once, however long the chains are."""

    def __init__(self, folder: bytes, links: dict[str, bytes]) -> None:
        self._folder = folder
        self._links = links
        self._known: dict[str, bytes | None] = {}

    def end_of(self, target: bytes) -> bytes | None:
        """Return where the file lies with us that a target leads to; None when there is none."""
        end, trail = None, []
        while not isinstance(path := safe_path(target), PathFault):
            place = self._folder + b"/" + path.path.encode()
            if path.path in self._known or os.path.isfile(place):
                end = self._known.get(path.path, place)
                break
            if path.path not in self._links:
                break
            self._known[path.path] = None  # for the case that the chain comes back to it
            trail.append(path.path)
            target = self._links[path.path]
        self._known.update(dict.fromkeys(trail, end))
        return end
