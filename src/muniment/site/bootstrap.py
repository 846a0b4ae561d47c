"""The one place that turns settings into adapters (STYLE §2.1)."""

from __future__ import annotations

import getpass
import logging
import os
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from muniment.ingest.tools import Tools
from muniment.runtime.actor import SYSTEM, Actor, Role, actor_with
from muniment.runtime.answers import Answers
from muniment.runtime.clock import Clock, SystemClock
from muniment.runtime.errors import Conflict, InvalidArgument, MunimentError
from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of, provide
from muniment.runtime.secret_box import SecretBox
from muniment.runtime.secret_key import ensure_secret_key, secret_key
from muniment.runtime.settings import settings
from muniment.runtime.time_window import TimeWindow
from muniment.site.tables import require_current_tables

if TYPE_CHECKING:
    from muniment.connectors.mail import Mailer
    from muniment.storage.fixity.pacing import FixityLimits

log = logging.getLogger(__name__)


def set_up_framework(settings_module: str = "muniment.site.settings") -> None:
    """Load the settings and the applications; needs no archive."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module)
    django.setup()


def check_archive(home: ArchiveHome) -> None:
    """Raise InvalidArgument, which says how to make one, where there is no archive."""
    if not home.storage_root.is_dir():
        raise InvalidArgument(
            f"there is no archive in {home.path}; make one with `muniment init`, "
            "or name another by MUNIMENT_HOME"
        )


def open_archive(
    *,
    warm_tools: bool = False,
    needs_tables: bool = True,
    settings_module: str = "muniment.site.settings",
) -> ArchiveHome:
    """Open the archive that MUNIMENT_HOME names; InvalidArgument says how to make one.

    `warm_tools`: start the helpers now, so that they load while this process loads the framework.
    Raises Misconfigured when `needs_tables` and the database is not of this version.
    """
    home = ArchiveHome.from_environment()
    check_archive(home)
    with ExitStack() as undo:
        tools = _tools()
        undo.push(tools)  # its helpers end when the archive cannot be opened
        if warm_tools:
            tools.warm_up()
        set_up_framework(settings_module)
        if needs_tables:
            require_current_tables()
        connect(home, tools)
        _close_ledger_days()
        undo.pop_all()
    return home


def _tools() -> Tools:
    return Tools(settings().tool_helpers, use_exiftool=settings().use_exiftool)


def _close_ledger_days() -> None:
    """Seal the ledger's days before today; a fault there is for `muniment check`, not for all."""
    from muniment.storage.ledger import Ledger

    try:
        adapter_of(Ledger).seal_closed_days()
    except MunimentError:
        log.exception("the days of the ledger before today could not be sealed")


def connect(home: ArchiveHome, tools: Tools) -> None:
    """Install policy, clock, storage and tools of this process; opens nothing yet."""
    from muniment.administration import jobs as _administration_jobs  # noqa: F401  # registers kinds
    from muniment.administration import policy
    from muniment.administration.notifying import notify_of_webhooks
    from muniment.administration.services import deeds
    from muniment.administration.services.answers import DatabaseAnswers
    from muniment.administration.services.telling import subscribe_webhooks
    from muniment.catalogue import jobs as _catalogue_jobs  # noqa: F401  # registers its kind
    from muniment.catalogue.adapters.search import search_index
    from muniment.catalogue.services import subscribe_catalogue
    from muniment.connectors.mail import Mailer
    from muniment.connectors.web import AllowedHosts, AnyPublicHost, WebFiles, WebPosts
    from muniment.connectors.web.adapters.http import HttpWeb
    from muniment.connectors.web.adapters.post import HttpPosts
    from muniment.ingest import jobs as _ingest_jobs  # noqa: F401  # registers its kind of job
    from muniment.ingest.live import SUBMISSIONS
    from muniment.ingest.notifying import notify_of_submissions
    from muniment.storage import jobs as _storage_jobs  # noqa: F401  # likewise
    from muniment.storage.adapters.local import open_local_root
    from muniment.storage.auditing.stored import AuditStore, open_audit_store
    from muniment.storage.fixity.pacing import FixityLimits
    from muniment.storage.ledger import Ledger, open_ledger
    from muniment.storage.notifying import notify_of_damage
    from muniment.storage.ports import StorageRoot
    from muniment.work import jobs as _work_jobs  # noqa: F401  # likewise
    from muniment.work.live import register_topic
    from muniment.work.live.of_events import EVENTS
    from muniment.work.live.of_jobs import JOBS

    root = open_local_root(
        home.storage_root, home.work, reserve_bytes=settings().disk_reserve_bytes
    )
    policy.install(lets_visitors_read=settings().access_anonymous)
    deeds.install()
    provide(ArchiveHome, home)
    provide(Clock, SystemClock())  # type: ignore[type-abstract]  # a port is a Protocol
    provide(Answers, DatabaseAnswers(clock()))  # type: ignore[type-abstract]  # likewise
    provide(StorageRoot, root)  # type: ignore[type-abstract]  # likewise
    provide(Ledger, open_ledger(home, root, clock()))
    provide(AuditStore, open_audit_store(home, root, clock()))
    provide(FixityLimits, _fixity_limits())
    hosts = AllowedHosts(settings().fetch_hosts)
    provide(WebFiles, HttpWeb(hosts, clock()))  # type: ignore[type-abstract]  # likewise
    posts = HttpPosts(AnyPublicHost(settings().webhook_hosts, setting="webhook_hosts"), clock())
    provide(WebPosts, posts)  # type: ignore[type-abstract]  # likewise
    provide(Mailer, _mailer())  # type: ignore[type-abstract]  # likewise
    provide(SecretBox, SecretBox(secret_key(home)))
    subscribe_catalogue(search_index())
    subscribe_webhooks(clock())
    for notify in (notify_of_submissions, notify_of_damage, notify_of_webhooks):
        notify(clock())
    for topic in (EVENTS, JOBS, SUBMISSIONS):
        register_topic(topic)
    provide(Tools, tools)


def _mailer() -> Mailer:
    from muniment.connectors.mail.adapters.memory import NoMailer
    from muniment.connectors.mail.adapters.smtp import SmtpMailer, SmtpServer

    found = settings()
    if not found.smtp_host:
        return NoMailer()
    server = SmtpServer(
        found.smtp_host,
        found.smtp_port,
        found.smtp_security,
        found.smtp_user,
        found.smtp_password,
    )
    return SmtpMailer(server, found.mail_from)


def _fixity_limits() -> FixityLimits:
    from muniment.storage.fixity.pacing import FixityLimits

    said = settings()
    window = TimeWindow.parse(said.fixity_window) if said.fixity_window else None
    return FixityLimits(said.fixity_mib_per_s * 2**20 or None, window)


def prepare(home: ArchiveHome) -> None:
    """Bring the database up, make the default pipeline and the storage root where they lack."""
    from django.core.management import call_command

    ensure_secret_key(home)
    call_command("migrate", verbosity=0, interactive=False)
    connect(home, _tools())

    from muniment.administration.services.users import ensure_first_groups
    from muniment.ingest.services.pipelines import ensure_default_pipeline
    from muniment.storage.ports import StorageRoot

    ensure_first_groups()
    ensure_default_pipeline(clock=clock())
    schedule_regular_work()
    # Last: the storage root is what tells that an archive is there and whole.
    adapter_of(StorageRoot).initialise()  # type: ignore[type-abstract]  # a port is a Protocol


def schedule_regular_work() -> None:
    """Let what must be done each day be done, where no schedule does it yet."""
    from muniment.ingest.jobs import HOURLY_EXPIRY
    from muniment.storage.jobs import DAILY_AUDIT, DAILY_FIXITY
    from muniment.work import schedules
    from muniment.work.jobs import DAILY_PRUNING

    for plan in (DAILY_AUDIT, DAILY_FIXITY, DAILY_PRUNING, HOURLY_EXPIRY):
        with suppress(Conflict):
            schedules.add(plan, actor=SYSTEM, clock=clock())


def local_administrator() -> Actor:
    """Return the actor of the command line: the user of the operating system."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"uid-{os.getuid()}"
    return actor_with(name, Role.ADMINISTRATOR)


def clock() -> Clock:
    """Return the clock of this process."""
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
