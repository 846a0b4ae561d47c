"""`muniment pipeline`: pipelines as data, from the command line and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from muniment.ingest.services.pipelines import DEFAULT_STEPS
from tests.open_archives import OpenArchive


def default(archive: OpenArchive) -> dict[str, Any]:
    found: dict[str, Any] = archive.run("pipeline", "show", "default", "--json").json()
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pipeline.json"


def test_a_new_archive_has_the_default_pipeline(archive: OpenArchive) -> None:
    (found,) = archive.run("pipeline", "list", "--json").json()["pipelines"]
    assert (found["name"], found["is_default"]) == ("default", True)
    assert tuple(step["name"] for step in found["steps"]) == DEFAULT_STEPS
    assert archive.run("pipeline", "list").out.startswith("default (default): receive → unpack → ")


def test_what_is_shown_can_be_saved_under_another_name(archive: OpenArchive, file: Path) -> None:
    shown = json.loads(archive.run("pipeline", "show", "default").out)
    file.write_text(json.dumps(shown | {"name": "mine", "title": "Mine"}))
    answer = archive.run("pipeline", "save", file, "--json")
    assert (answer.code, answer.json()["dry_run"]) == (0, False)
    names = [each["name"] for each in archive.run("pipeline", "list", "--json").json()["pipelines"]]
    assert names == ["default", "mine"]
    mine = archive.run("pipeline", "show", "mine", "--json").json()
    assert (mine["title"], mine["is_default"], mine["steps"]) == ("Mine", False, shown["steps"])


def test_people_are_told_that_it_is_saved(archive: OpenArchive, file: Path) -> None:
    file.write_text(json.dumps(default(archive)))
    assert (
        "Pipeline default would be saved." in archive.run("pipeline", "save", file, "--dry-run").err
    )
    assert "Pipeline default is saved." in archive.run("pipeline", "save", file).err


def test_a_package_goes_through_the_pipeline_that_is_named(
    archive: OpenArchive, file: Path, tmp_path: Path
) -> None:
    found = default(archive)
    short = [step for step in found["steps"] if step["name"] not in {"fetch", "scan", "identify"}]
    file.write_text(json.dumps({"name": "short", "title": "Short", "steps": short}))
    archive.run("pipeline", "save", file)
    (tmp_path / "letter.txt").touch()
    answer = archive.run("ingest", tmp_path / "letter.txt", "--pipeline", "short", "--json")
    (submission,) = answer.json()["submissions"]
    shown = archive.run("submission", "show", submission["submission_id"]).out
    assert "verify" in shown
    assert "scan" not in shown


def test_a_pipeline_that_nobody_made_is_told_with_those_there_are(
    archive: OpenArchive, tmp_path: Path
) -> None:
    for words in (["pipeline", "show", "nobody"], ["ingest", tmp_path, "--pipeline", "nobody"]):
        answer = archive.run(*words)
        assert (answer.code, answer.out) == (1, "")
        assert "there is no pipeline 'nobody'; there are: default" in answer.err


def test_every_step_is_listed_with_its_parameters(archive: OpenArchive) -> None:
    steps = {
        each["name"]: each for each in archive.run("pipeline", "steps", "--json").json()["steps"]
    }
    assert set(DEFAULT_STEPS) <= set(steps)
    assert steps["scan"]["event_type"] == "virus check"
    assert "without_scanner" in steps["scan"]["parameters"]
    assert "without_scanner" in archive.run("pipeline", "steps").out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "pipeline.json"),
        ("[]", "a pipeline is an object"),
        ('{"name": "x", "steps": {}}', "a pipeline is an object"),
        ('{"name": "no name!", "steps": []}', "is no name for a pipeline"),
        ('{"name": "x", "steps": []}', "needs the steps receive"),
        ('{"name": "x", "steps": [{"name": "nonsense"}]}', "nonsense"),
        ('{"name": "x", "steps": [{"name": "scan", "parameters": {"colour": 1}}]}', "colour"),
    ],
)
def test_a_wrong_pipeline_is_wrong_usage(
    archive: OpenArchive, file: Path, text: str, said: str
) -> None:
    file.write_text(text)
    answer = archive.run("pipeline", "save", file)
    assert answer.code == 2
    assert said in answer.err


def test_a_file_that_is_not_there_is_wrong_usage(archive: OpenArchive, file: Path) -> None:
    answer = archive.run("pipeline", "save", file)
    assert answer.code == 2
    assert str(file) in answer.err


def test_a_pipeline_comes_by_standard_input(
    archive: OpenArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = json.dumps(default(archive) | {"name": "piped"})
    assert archive.run("pipeline", "save", "-", "--json", stdin=text).json()["name"] == "piped"
    assert archive.run("pipeline", "save", "-").code == 2
