"""The Django application of this package."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Brings templates, styles and template tags."""

    name = "muniment.web"
    label = "web"

    def ready(self) -> None:
        """Have the routes checked."""
        from muniment.web import route_checks  # noqa: F401  # registers itself
