"""A step of another package, found by entry point: the example of the documentation, installed."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import pytest

from tests.archives import Archive
from tests.ingest.packages import a_folder

EXAMPLE = Path(__file__).parents[2] / "examples" / "require-readme"
STEPS = ("receive", "unpack", "verify", "require-readme", "describe", "seal", "index")


@pytest.fixture
def installed(tmp_path: Path) -> str:
    """Lay the example out as an installer does; return the folder for the module path."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    place = tmp_path / "site"
    metadata = place / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir(parents=True)
    shutil.copy(EXAMPLE / "require_readme.py", place)
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    points = project["entry-points"]["muniment.steps"]
    lines = [f"{name} = {target}\n" for name, target in points.items()]
    (metadata / "entry_points.txt").write_text("[muniment.steps]\n" + "".join(lines))
    return str(place)


@pytest.fixture
def strict(archive: Archive, installed: str, tmp_path: Path) -> Archive:
    """An archive with a pipeline that wants a README."""
    pipeline = tmp_path / "strict.json"
    document = {"name": "strict", "title": "Strict", "steps": [{"name": n} for n in STEPS]}
    pipeline.write_text(json.dumps(document))
    answer = archive.run("pipeline", "save", pipeline, "--json", PYTHONPATH=installed)
    assert answer.code == 0, answer.err
    return archive


def test_it_is_among_the_steps(archive: Archive, installed: str) -> None:
    answer = archive.run("pipeline", "steps", "--json", PYTHONPATH=installed)
    assert "require-readme" in {step["name"] for step in answer.json()["steps"]}


def test_it_refuses_with_its_own_finding(strict: Archive, installed: str, tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "silent")
    answer = strict.run("ingest", folder, "--pipeline", "strict", "--json", PYTHONPATH=installed)
    assert answer.code == 1
    (submission,) = answer.json()["submissions"]
    assert "require-readme.missing" in {each["code"] for each in submission["findings"]}


def test_its_event_is_in_the_package(strict: Archive, installed: str, tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "fonds", {"README.txt": b"letters of 1912\n"})
    answer = strict.run("ingest", folder, "--pipeline", "strict", "--json", PYTHONPATH=installed)
    assert answer.code == 0, answer.out
    premis = next(strict.storage_root.rglob("representations/original/metadata/**/premis.xml"))
    assert b"muniment-require-readme" in premis.read_bytes()


def test_without_its_package_the_pipeline_says_what_is_missing(
    strict: Archive, tmp_path: Path
) -> None:
    folder = a_folder(tmp_path / "fonds", {"README.txt": b"x"})
    answer = strict.run("ingest", folder, "--pipeline", "strict", "--json")
    assert answer.code in {1, 2, 3}
    assert "require-readme" in answer.out
    assert "Traceback" not in answer.err
