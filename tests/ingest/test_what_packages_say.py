"""What a package says of itself reaches the object: its names, its description, its history."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from muniment.catalogue.models import DescriptiveTerm, Event, Identifier
from muniment.ingest.services.pipelines import save_pipeline
from muniment.runtime.actor import SYSTEM
from tests.information.eark.builders import a_sip
from tests.ingest.open_archive import SHORT, OpenArchive
from tests.ingest.packages import CONTENT, a_bag, a_folder

UUID = "0190b3c4-5e6f-7a8b-9c0d-1e2f3a4b5c6e"
DC = '<dc xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Harbour</dc:title></dc>'


def an_archivematica_aip(place: Path) -> Path:
    content = {"objects/a.txt": place.name.encode(), f"METS.{UUID}.xml": b"<mets/>"}
    return a_bag(place / "aip", content)


@pytest.mark.parametrize(
    ("make", "kind", "value"),
    [
        (an_archivematica_aip, "archivematica-aip", UUID),
        (a_sip, "mets:Museum of Letters", "uuid-0190b3c4-5e6f-7a8b-9c0d-1e2f3a4b5c6d"),
    ],
)
def test_a_package_with_a_known_name_is_a_version_of_that_object(
    open_archive: OpenArchive, tmp_path: Path, make: Callable[[Path], Path], kind: str, value: str
) -> None:
    first, second = (open_archive.hand_in(make(tmp_path / name)) for name in ("one", "two"))
    assert (first.state, second.state) == ("accepted", "accepted")
    assert (second.object_id, second.version) == (first.object_id, 2)
    assert Identifier.objects.filter(type=kind, value=value).count() == 1


@pytest.mark.parametrize(("name", "text"), [("dc.csv", "title\nHarbour\n"), ("dublincore.xml", DC)])
def test_a_folder_brings_its_description_along(
    open_archive: OpenArchive, tmp_path: Path, name: str, text: str
) -> None:
    content = {**CONTENT, f"metadata/{name}": text.encode()}
    assert open_archive.hand_in(a_folder(tmp_path / "a", content)).state == "accepted"
    assert [(each.term, each.value) for each in DescriptiveTerm.objects.all()] == [
        ("title", "Harbour")
    ]


def a_pipeline(archive: OpenArchive, *steps: Mapping[str, object]) -> str:
    """Save a pipeline with these steps between `verify` and `describe`; return its name."""
    every = [*SHORT[:3], *steps, *SHORT[3:]]
    save_pipeline("longer", every, title="Longer", actor=SYSTEM, clock=archive.clock)
    return "longer"


def test_what_is_done_to_a_whole_package_is_one_event(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    pipeline = a_pipeline(open_archive, {"name": "identify"}, {"name": "characterise"})
    open_archive.hand_in(
        a_folder(tmp_path / "a", {"a.txt": b"a", "b.txt": b"b"}), pipeline=pipeline
    )
    about_all = Event.objects.filter(file_id=None).exclude(representation=None)
    assert sorted(about_all.values_list("type", flat=True)) == [
        "fixity check",
        "format identification",
        "message digest calculation",
        "metadata extraction",
    ]


@pytest.mark.parametrize(("policy", "state"), [("skip", "accepted"), ("hold", "held")])
def test_without_a_scanner_the_pipeline_says_what_happens(
    open_archive: OpenArchive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    policy: str,
    state: str,
) -> None:
    for name in ("bwrap", "prlimit", "setpriv"):
        if found := shutil.which(name):
            (tmp_path / "bin").mkdir(exist_ok=True)
            (tmp_path / "bin" / name).symlink_to(found)
    scan = {"name": "scan", "parameters": {"without_scanner": policy}}
    pipeline = a_pipeline(open_archive, scan)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    submission = open_archive.hand_in(a_folder(tmp_path / "a"), pipeline=pipeline)
    assert submission.state == state
    skipped = Event.objects.filter(type="virus check", outcome="skipped")
    assert skipped.count() == (policy == "skip")
