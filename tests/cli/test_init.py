"""`muniment init`: an archive from nothing, never over another one unasked."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from muniment.cli.settings_file import rendered_settings
from muniment.runtime.settings import Settings
from tests.archives import Archive


def test_an_initialised_archive_is_fit_for_use(archive: Archive) -> None:
    answer = archive.run("check", "--json")
    assert [each for each in answer.json()["checks"] if each["level"] == "error"] == []
    assert answer.code == 0


def test_the_storage_root_holds_only_ocfl(archive: Archive) -> None:
    names = {path.name for path in archive.storage_root.iterdir()}
    assert "0=ocfl_1.1" in names


def test_a_second_init_leaves_the_archive_as_it_is(archive: Archive) -> None:
    (archive.home / "muniment.toml").write_text("tool_helpers = 3\n")
    answer = archive.run("init", "--json")
    assert answer.json() == {"home": str(archive.home), "created": False, "dry_run": False}
    assert (archive.home / "muniment.toml").read_text() == "tool_helpers = 3\n"


def test_reset_without_yes_says_what_it_would_destroy_and_does_not(archive: Archive) -> None:
    (archive.storage_root / "witness").touch()
    answer = archive.run("init", "--reset")
    assert answer.code == 2
    assert str(archive.home) in answer.err
    assert (archive.storage_root / "witness").exists()


def test_reset_with_yes_begins_anew_and_keeps_the_settings(archive: Archive) -> None:
    (archive.home / "muniment.toml").write_text("tool_helpers = 3\n")
    (archive.storage_root / "witness").touch()
    answer = archive.run("init", "--reset", "--yes", "--json")
    assert answer.json().get("created") is True, answer
    assert not (archive.storage_root / "witness").exists()
    assert (archive.home / "muniment.toml").read_text() == "tool_helpers = 3\n"
    assert archive.run("check").code == 0


def test_an_archive_that_serves_others_is_not_reset(archive: Archive) -> None:
    (archive.home / "muniment.toml").write_text("served_by_tls = true\n")
    (archive.storage_root / "witness").touch()
    answer = archive.run("init", "--reset", "--yes")
    assert answer.code == 2
    assert "served_by_tls" in answer.err
    assert (archive.storage_root / "witness").exists()


def test_a_command_without_an_archive_says_how_to_make_one(tmp_path: Path) -> None:
    answer = Archive(tmp_path / "nowhere").run("object", "list")
    assert answer.code == 2
    assert "muniment init" in answer.err
    assert not (tmp_path / "nowhere").exists()


def test_the_settings_file_is_toml_in_which_nothing_is_set() -> None:
    assert tomllib.loads(rendered_settings()) == {}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_can_be_uncommented(name: str) -> None:
    line = next(each for each in rendered_settings().splitlines() if each.startswith(f"# {name} ="))
    assert list(tomllib.loads(line.removeprefix("# "))) == [name]
