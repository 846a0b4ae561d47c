"""An archive inside the test's own process, for what the command line cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.open_archive import OpenArchive, archive_in


@pytest.fixture
def open_archive(tmp_path: Path, transactional_db: None) -> Iterator[OpenArchive]:
    """An empty archive with the pipelines `default` and `short`."""
    with archive_in(tmp_path / "home") as made:
        yield made
