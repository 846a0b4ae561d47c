"""The Django application of this package."""

from __future__ import annotations

from django.apps import AppConfig


class IngestConfig(AppConfig):
    """Registers the tables of `muniment.ingest`."""

    name = "muniment.ingest"
    label = "ingest"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who sees which table."""
        from muniment.ingest import who_sees

        who_sees.register()
