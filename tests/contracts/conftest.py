"""What the contracts run on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.storage.ports import StorageRoot
from tests.storage.staging import Bench

OpenRoot = Callable[[Path], StorageRoot]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def bench(home: Path) -> Bench:
    return Bench(home / "work" / "submissions")
