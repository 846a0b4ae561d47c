"""The Django application of this package."""

from __future__ import annotations

from django.apps import AppConfig


class StorageConfig(AppConfig):
    """Registers the tables of `muniment.storage`."""

    name = "muniment.storage"
    label = "storage"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who sees which table."""
        from muniment.storage import who_sees

        who_sees.register()
