"""`muniment serve --reload`: a changed source starts the children anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from muniment.cli.sources import SourceWatch
from muniment.work.supervisor import Supervisor
from muniment.work.types import Times


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for name in ("views.py", "page.html", "site.css", "notes.md"):
        (tmp_path / name).write_text("a")
    return tmp_path


@pytest.mark.parametrize("name", ["views.py", "page.html", "site.css"])
def test_a_change_is_seen_once(source: Path, name: str) -> None:
    watch = SourceWatch(source, every_s=0)
    assert not watch.has_changed()
    os.utime(source / name, ns=(1, 1))
    assert watch.has_changed()
    assert not watch.has_changed()


def test_a_new_and_a_removed_source_are_changes(source: Path) -> None:
    watch = SourceWatch(source, every_s=0)
    (source / "models.py").touch()
    assert watch.has_changed()
    (source / "models.py").unlink()
    assert watch.has_changed()


def test_what_is_no_source_does_not_matter(source: Path) -> None:
    watch = SourceWatch(source, every_s=0)
    (source / "notes.md").write_text("other")
    (source / "module.pyc").touch()
    assert not watch.has_changed()


def test_it_does_not_look_all_the_time(source: Path) -> None:
    watch = SourceWatch(source, every_s=3600)
    (source / "models.py").touch()
    assert not watch.has_changed()


@pytest.mark.django_db(transaction=True)
def test_outdated_children_are_started_anew(tmp_path: Path) -> None:
    started = tmp_path / "started"
    child = ["sh", "-c", f"echo $$ >> {started}; exec sleep 60"]
    supervisor = Supervisor([child], Times(grace_s=5))

    def is_outdated() -> bool:
        numbers = started.read_text().split() if started.exists() else []
        if len(numbers) >= 2:
            supervisor.stop()
        return len(numbers) == 1

    supervisor.is_outdated = is_outdated
    supervisor.run()
    first, second = started.read_text().split()
    assert first != second
    assert not Path(f"/proc/{first}").exists()
    assert not Path(f"/proc/{second}").exists()
