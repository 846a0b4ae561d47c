"""Commands run in the test's own process, unless a test asks for one of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.archives import ArchiveTemplate
from tests.open_archives import OpenArchive


@pytest.fixture
def archive(
    archive_template: ArchiveTemplate, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[OpenArchive]:
    """A real archive of its own, opened in this process."""
    made = archive_template.copy(tmp_path / "archive")
    with django_db_blocker.unblock():
        yield OpenArchive(made.home, made.database)
    made.remove()
