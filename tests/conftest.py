"""What every test stands on: the engine, the policy, hypothesis profiles, no network, tools."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from pytest_django import DjangoDbBlocker

from tests import postgres
from tests.archives import Archive, ArchiveTemplate, make_template
from tests.emptying import empty_quickly
from tests.forked import on_entering
from tests.judges import JUDGES

pytest_plugins = ["tests.judges.fixtures"]

_SERVER_URL = (
    "MUNIMENT_TEST_SERVER"  # set by the first process of a run, inherited by xdist's workers
)
_DATABASE_FIXTURES = {"db", "transactional_db", "archive", "archive_template"}

hypothesis.settings.register_profile("dev", max_examples=50, deadline=None)
hypothesis.settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True)
hypothesis.settings.register_profile("nightly", max_examples=5000, deadline=None)
hypothesis.settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev")
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--db`."""
    parser.addoption("--db", choices=["sqlite", "postgres"], default="sqlite", help="the database")


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a home and a database of its own: nobody's archive is ever touched."""
    config.addinivalue_line("markers", "database: touches the database (set by the tests' set-up)")
    home = Path(tempfile.mkdtemp(prefix="muniment-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    os.environ["MUNIMENT_HOME"] = str(home)
    os.environ.pop("MUNIMENT_DATABASE", None)
    if config.getoption("db") == "postgres":
        if _SERVER_URL not in os.environ:
            server = postgres.start()
            os.environ[_SERVER_URL] = server.url("{}")
            config.add_cleanup(server.stop)
        os.environ["MUNIMENT_DATABASE"] = os.environ[_SERVER_URL].format("postgres")
    _point_django_at_it(home)
    _hash_passwords_quickly()
    empty_quickly()


def _hash_passwords_quickly() -> None:
    """Spend a millisecond instead of half a second; a served site takes these as any older ones."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    PBKDF2PasswordHasher.iterations = 1_000


def _point_django_at_it(home: Path) -> None:
    """Replace the database that pytest-django read from the settings before we could speak."""
    from django.conf import settings as django_settings
    from django.db import connections

    from muniment.runtime.settings import settings
    from muniment.site.settings import databases

    settings.cache_clear()
    found = databases()
    if not os.environ.get("MUNIMENT_DATABASE"):
        # On disk, for threads and child processes; what a power cut would lose matters to no test.
        default = found["default"]
        default["TEST"] = {"NAME": str(home / "test.sqlite3")}
        default["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    django_settings.DATABASES = found
    # Django keeps what it read, and the connection object that some application asked for.
    connections["default"].close()
    del connections["default"]
    connections._settings = None  # type: ignore[attr-defined]  # private, and not in the stubs
    vars(connections).pop("settings", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database, so that the second run can be that alone."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & _DATABASE_FIXTURES:
            item.add_marker(pytest.mark.database)


def pytest_collection_finish() -> None:
    """Spare the collector what stays to the end: thousands of tests."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose tool is not there; fail it where tools are required."""
    for marker in item.iter_markers("tool"):
        for name in marker.args:
            if not _is_installed(name):
                reason = f"{name} is not installed: make tools"
                if os.environ.get("MUNIMENT_REQUIRE_TOOLS"):
                    pytest.fail(reason, pytrace=False)
                pytest.skip(reason)


def _is_installed(name: str) -> bool:
    if name in JUDGES:
        return JUDGES[name].exists()
    if name == "postgres":
        return postgres.server_programs() is not None
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin") is not None


def _refuse_outside(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: only this machine may be spoken to."""
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            raise PermissionError(f"tests have no network: {address[0]}")
    elif event == "socket.getaddrinfo" and not _is_loopback(str(arguments[0])):
        raise PermissionError(f"tests have no network: {arguments[0]}")


def _is_loopback(host: str) -> bool:
    return host.startswith("127.") or host in {"localhost", "::1", "None", "", "b'localhost'"}


sys.addaudithook(_refuse_outside)


@pytest.fixture(scope="session", autouse=True)
def _policy() -> None:
    """Install the one permission policy and what writes the audit trail, as `bootstrap` does."""
    from muniment.administration import policy
    from muniment.administration.services import deeds

    policy.install()
    deeds.install()


@pytest.fixture(scope="session", autouse=True)
def _databases_of_children(django_db_blocker: DjangoDbBlocker) -> None:
    """Let forked commands use their databases, which this process may only where a test asks."""
    on_entering(django_db_blocker.unblock)


@pytest.fixture(scope="session")
def archive_template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ArchiveTemplate]:
    """One initialised archive that each `archive` is copied from."""
    template = make_template(tmp_path_factory.mktemp("template"), os.environ.get(_SERVER_URL))
    yield template
    template.remove()


@pytest.fixture
def archive(archive_template: ArchiveTemplate, tmp_path: Path) -> Iterator[Archive]:
    """A real archive of its own, whose commands run as child processes."""
    made = archive_template.copy(tmp_path / "archive")
    yield made
    made.remove()
