"""Tests of durable work flush only the tables of durable work."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.work import backpressure, outbox
from tests.archives import Archive, ArchiveTemplate, _administer
from tests.work.processes import Ground


@pytest.fixture(autouse=True)
def _no_leftovers() -> Iterator[None]:
    """Take away subscribers and gates that a test installed."""
    subscribers, gates = dict(outbox._subscribers), dict(backpressure._gates)
    yield
    outbox._subscribers.clear()
    outbox._subscribers.update(subscribers)
    backpressure._gates.clear()
    backpressure._gates.update(gates)


@pytest.fixture(scope="session")
def ground_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ArchiveTemplate]:
    """A database with all tables, to copy from: others hang on those of work."""
    home = tmp_path_factory.mktemp("ground")
    server, database = os.environ.get("MUNIMENT_TEST_SERVER"), ""
    if server:
        name = f"ground_{uuid.uuid4().hex}"
        database = server.format(name)
        _administer(database, f'CREATE DATABASE "{name}"')
    template = ArchiveTemplate(Archive(home, database))
    Ground(template.archive).run("migrate")
    yield template
    template.remove()


@pytest.fixture
def ground(ground_template: ArchiveTemplate, tmp_path: Path) -> Iterator[Ground]:
    """A database of its own for real worker processes."""
    archive = ground_template.copy(tmp_path / "ground")
    yield Ground(archive)
    archive.remove()
