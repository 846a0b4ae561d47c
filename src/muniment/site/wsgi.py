"""The site as a WSGI application: `muniment web` serves it."""

from __future__ import annotations

import os
import signal

from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

from muniment import web
from muniment.runtime.http.bodies import keeping_path
from muniment.runtime.http.patience import with_patience
from muniment.runtime.lifetime import die_with_parent
from muniment.runtime.logs import configure_logs
from muniment.runtime.settings import settings
from muniment.site.bootstrap import open_archive
from muniment.site.telling import start_telling

SETTINGS = "muniment.site.web_settings"


def application() -> WhiteNoise:
    """Open the archive and return the application, static files included."""
    return _served()


def development() -> WhiteNoise:
    """Return the same, with static files that browsers ask for anew each time."""
    return _served(max_age=0)


def _served(**options: int) -> WhiteNoise:
    import drf_spectacular_sidecar

    # The server's workers would go on without it, and keep its port.
    die_with_parent(os.getppid(), by=signal.SIGKILL)
    # A supervisor's own settings may stand in the environment.
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    found = settings()
    # The server's workers are processes that begin with nothing of their parent's.
    configure_logs(found.log_level, as_json=found.log_format == "json", others={"django": "error"})
    start_telling(open_archive(settings_module=SETTINGS))
    from muniment.site.signing_in import connect_sign_in  # late: they need the settings loaded
    from muniment.web.route_checks import require_rules

    require_rules()
    connect_sign_in()
    served = WhiteNoise(
        with_patience(keeping_path(get_wsgi_application()), found.body_idle_s), **options
    )
    for package in (drf_spectacular_sidecar, web):
        (folder,) = package.__path__
        served.add_files(f"{folder}/static", prefix="static/")
    return served
