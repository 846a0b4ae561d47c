"""The Django application of this package."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Registers the tables of `muniment.catalogue`."""

    name = "muniment.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the rule by which objects are read, and who sees which table."""
        from muniment.catalogue import reading, who_sees

        reading.register()
        who_sees.register()
