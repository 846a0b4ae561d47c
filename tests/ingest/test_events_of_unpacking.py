"""What unpacking did to a package is told by events of its own (archive spec §2)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from muniment.catalogue.models import Event
from muniment.runtime.actor import SYSTEM
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import a_bag, a_folder, a_tar

WANTED = {"unpacking", "decompression", "filename change"}


def told(archive: OpenArchive, source: Path) -> dict[str, str]:
    """Hand in, and return the details of the events in question by their types."""
    archive.hand_in(source, SYSTEM)
    return dict(Event.objects.filter(type__in=WANTED).values_list("type", "outcome_detail"))


def test_a_folder_was_not_unpacked(open_archive: OpenArchive, tmp_path: Path) -> None:
    assert told(open_archive, a_folder(tmp_path / "letters")) == {}


@pytest.mark.parametrize(
    ("suffix", "mode", "kinds"),
    [("tar", "w", {"unpacking"}), ("tar.gz", "w:gz", {"unpacking", "decompression"})],
)
def test_an_archive_was(
    suffix: str, mode: str, kinds: set[str], open_archive: OpenArchive, tmp_path: Path
) -> None:
    source = a_tar(a_bag(tmp_path / "bag"), tmp_path / f"bag.{suffix}", mode)
    assert set(told(open_archive, source)) == kinds


def test_a_name_that_could_not_stay_is_told(open_archive: OpenArchive, tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "letters")
    (Path(os.fsdecode(os.fsencode(folder) + b"/r\xe9ponse.txt"))).write_bytes(b"x")
    assert set(told(open_archive, folder)) == {"filename change"}


def test_the_events_have_identifiers_that_come_again(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    told(open_archive, a_tar(a_bag(tmp_path / "bag"), tmp_path / "bag.tar.gz"))
    found = list(Event.objects.values_list("event_id", flat=True))
    assert len(set(found)) == len(found)
