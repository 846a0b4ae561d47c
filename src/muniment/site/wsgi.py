"""The site as a WSGI application: `muniment web` serves it."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

from muniment import web
from muniment.site.bootstrap import open_archive


def application() -> WhiteNoise:
    """Open the archive and return the application, static files included."""
    import drf_spectacular_sidecar

    open_archive(settings_module="muniment.site.web_settings")
    served = WhiteNoise(get_wsgi_application())
    for package in (drf_spectacular_sidecar, web):
        (folder,) = package.__path__
        served.add_files(f"{folder}/static", prefix="static/")
    return served
