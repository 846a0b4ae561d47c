"""`muniment check` says what is fit for use and what to do where something is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archives import Archive
from tests.ingest.signatures import a_signature_database


def levels(archive: Archive, **environment: str) -> dict[str, str]:
    document = archive.run("check", "--json", timeout_s=120.0, **environment).json()
    return {check["name"]: check["level"] for check in document["checks"]}


def test_every_part_is_looked_at(archive: Archive, tmp_path: Path) -> None:
    signatures = a_signature_database(tmp_path / "signatures")
    found = levels(archive, MUNIMENT_CLAMAV_DATABASE=str(signatures))
    assert {"configuration", "disk", "storage", "database", "clock", "isolation"} <= set(found)
    assert {"exiftool", "clamscan", "virus check", "pygfried", "lxml"} <= set(found)
    assert "error" not in found.values()


@pytest.mark.tool("clamscan")
def test_a_scanner_without_signatures_is_an_error(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    answer = archive.run("check", MUNIMENT_CLAMAV_DATABASE=str(tmp_path / "empty"))
    assert answer.code == 3
    assert "freshclam" in answer.out


def test_a_disk_below_its_reserve_is_an_error(archive: Archive) -> None:
    assert levels(archive, MUNIMENT_DISK_RESERVE_BYTES=str(1 << 60))["disk"] == "error"


@pytest.mark.parametrize(
    ("name", "value"),
    [("MUNIMENT_TOOL_HELPERS", "0"), ("MUNIMENT_DISK_RESERVE_BYTES", "much")],
)
def test_a_wrong_setting_is_named(archive: Archive, name: str, value: str) -> None:
    answer = archive.run("check", "--json", timeout_s=120.0, **{name: value})
    assert answer.code == 3
    (check,) = answer.json()["checks"]
    assert check["name"] == "configuration"
    assert name.removeprefix("MUNIMENT_").lower() in check["said"]


def said_of_fetching(archive: Archive, hosts: str) -> tuple[str, str]:
    document = archive.run("check", "--json", MUNIMENT_FETCH_HOSTS=hosts).json()
    (check,) = (each for each in document["checks"] if each["name"] == "fetching")
    return check["level"], check["said"]


def test_the_hosts_that_files_are_fetched_from_are_listed(archive: Archive) -> None:
    listed = said_of_fetching(archive, "a.example, b.example:8443")
    assert listed == ("ok", "files of fetch.txt from: a.example, b.example:8443")


def test_a_host_that_is_written_wrongly_is_an_error(archive: Archive) -> None:
    level, said = said_of_fetching(archive, "https://a.example/")
    assert (level, "fetch_hosts" in said) == ("error", True)


def test_without_an_archive_it_says_how_to_make_one(archive: Archive, tmp_path: Path) -> None:
    answer = archive.run("check", MUNIMENT_HOME=str(tmp_path / "nowhere"))
    assert answer.code == 3
    assert "muniment init" in answer.out
