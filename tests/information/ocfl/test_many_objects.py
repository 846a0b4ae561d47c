"""Whole roots by several processes: the same findings in the same order, also after a kill."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from muniment.information.ocfl import HashAndIdNTuple
from muniment.information.ocfl.validation import validate, validate_root
from muniment.information.ocfl.validation.content import Reading
from muniment.information.ocfl.validation.many_objects import (
    check_batch,
    check_in_processes,
    check_objects,
)
from muniment.runtime.errors import ToolFailed
from tests.information.ocfl.builders import a_root

LAYOUT = HashAndIdNTuple()
IDS = [f"urn:x:{number}" for number in range(30)]
PLACES = [LAYOUT.path_of(each) for each in IDS]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = a_root(tmp_path_factory.mktemp("many") / "root", LAYOUT, IDS)
    shutil.rmtree(made / PLACES[7] / "v1/content")
    return made


def places(root: Path) -> Iterator[tuple[Path, str]]:
    return iter([(root / place, place) for place in PLACES])


def test_several_processes_find_the_same_in_the_same_order(root: Path) -> None:
    alone = list(check_objects(places(root), "1.1", Reading(workers=0)))
    together = list(check_in_processes(places(root), "1.1", Reading(), 2))
    assert [verdict.object_id for verdict in together] == IDS
    assert [verdict.at for verdict in together if verdict.findings] == [PLACES[7]]
    assert together == alone == check_batch(list(places(root)), "1.1", Reading(workers=0))


def test_many_objects_are_shared_out_and_all_counted(root: Path) -> None:
    report = validate_root(root, workers=2)
    assert (report.object_count, report.is_valid) == (30, False)


def test_a_process_with_threads_makes_no_forks(root: Path) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    before = set(psutil.Process().children())
    try:
        checked = check_objects(places(root), "1.1", Reading(workers=2))
        assert next(checked).object_id == IDS[0]
        assert set(psutil.Process().children()) == before
    finally:
        stop.set()
        thread.join()


def test_a_process_that_is_killed_is_told(root: Path) -> None:
    before = set(psutil.Process().children())

    def endless() -> Iterator[tuple[Path, str]]:
        yield from places(root)
        for child in set(psutil.Process().children()) - before:
            child.kill()
        while True:
            yield from places(root)

    with pytest.raises(ToolFailed, match="was killed"):
        list(check_in_processes(endless(), "1.1", Reading(), 2))


def test_a_root_may_be_checked_quickly(root: Path) -> None:
    assert validate(root, quick=True).object_count == 30
