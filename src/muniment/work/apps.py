"""The Django application of this package."""

from __future__ import annotations

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Registers the tables of `muniment.work`."""

    name = "muniment.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who sees which table."""
        from muniment.work import who_sees

        who_sees.register()
