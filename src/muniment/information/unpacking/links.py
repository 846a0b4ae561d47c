"""Copies the files that links of a package lead to, once all files are there."""

# ruff: noqa: PTH113, PTH116  # names are bytes here, which pathlib does not take

from __future__ import annotations

import os
from collections.abc import Iterator

from muniment.information.paths import PathFault, SafePath, encode_name, safe_path, shown
from muniment.information.unpacking.folder import take_result
from muniment.information.unpacking.intake import CannotCreate, Intake
from muniment.runtime.digest_pool import DigestJob, digest_many

Link = tuple[SafePath, bytes]


def copy_linked_files(intake: Intake) -> None:
    """Turn the links that were kept into files; one that leads to no file is a finding.

    A link to a link waits for the round in which that one has become a file.
    """
    waiting = intake.deferred_links
    while waiting:
        now = [link for link in waiting if _is_file(intake, link[1])]
        if not now:
            break
        for result in digest_many(_jobs(now, intake)):
            take_result(result, intake)
        done = {id(link) for link in now}
        waiting = [link for link in waiting if id(link) not in done]
    for path, target in waiting:
        intake.fault("link-dangling", path.path, target=shown(encode_name(target)))
    intake.deferred_links = []


def _jobs(links: list[Link], intake: Intake) -> Iterator[DigestJob]:
    for path, target in links:
        source = _place(intake, target)
        intake.plan(path, os.stat(source).st_size)
        try:
            yield DigestJob(source, intake.algorithms, path, intake.target(path))
        except CannotCreate:
            intake.fault("path-twice", path.path)


def _is_file(intake: Intake, target: bytes) -> bool:
    return os.path.isfile(_place(intake, target))


def _place(intake: Intake, target: bytes) -> bytes:
    """Return where a path of the package lies with us; the folder itself for an unsafe one."""
    path = safe_path(target)
    if isinstance(path, PathFault):
        return intake.folder
    return intake.folder + b"/" + path.path.encode()
