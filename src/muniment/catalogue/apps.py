"""The Django application of this package."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Registers the tables of `muniment.catalogue`."""

    name = "muniment.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the rule by which objects are read."""
        from muniment.catalogue import reading

        reading.register()
