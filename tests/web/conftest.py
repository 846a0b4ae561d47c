"""One browser a module, and one site for all who leave it fit for the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.archives import ArchiveTemplate
from tests.ingest.packages import a_bag, a_folder
from tests.web.browser import Site, launch, serving, sign_in, with_users

_MORE = """
from muniment.administration.models import User
from muniment.administration.services.webhooks import add_webhook
from muniment.catalogue.services.bulk import BulkAction, BulkRequest, start_bulk
from muniment.ingest.services.pipelines import pipeline_named, save_pipeline
steps = pipeline_named(None).steps
save_pipeline("letters", steps, title="Letters", actor=SYSTEM, clock=SystemClock())
owner = User.objects.get(username="administrator")
add_webhook(owner, "https://repository.example/hook", [], actor=SYSTEM, clock=SystemClock())
start_bulk(BulkRequest(BulkAction.TAG, (), "", ["harbour"]), actor=SYSTEM)
"""


@pytest.fixture(scope="session")
def site(
    archive_template: ArchiveTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The site of all who add little to it."""
    with a_site(archive_template, tmp_path_factory.mktemp("site")) as served:
        yield served


@contextmanager
def a_site(archive_template: ArchiveTemplate, place: Path) -> Iterator[Site]:
    """Serve two packages (one refused), a bulk job, a webhook, users of three roles."""
    archive = archive_template.copy(place / "archive")
    inbox = place / "inbox"
    a_folder(inbox / "letters")
    bad = a_bag(place / "bad")
    (bad / "data" / "empty.txt").unlink()
    (archive.home / "muniment.toml").write_text(f'announce_roots = ["{inbox}"]\n')
    archive.ingest(a_bag(place / "good"), bad)
    with_users(archive, "administrator", "archivist", "auditor", then=_MORE)
    assert archive.run("worker", "--once").code == 0
    with serving(archive) as served:
        yield served
    archive.remove()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a module: its event loop ends with them."""
    with sync_playwright() as player:
        opened = launch(player)
        yield opened
        opened.close()


@pytest.fixture
def archivist(browser: Browser, site: Site) -> Iterator[Page]:
    """The window of an archivist."""
    page = sign_in(browser, site, "archivist")
    yield page
    page.close()
