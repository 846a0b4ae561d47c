"""The Django application of this package."""

from __future__ import annotations

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """Registers the tables of `muniment.administration`."""

    name = "muniment.administration"
    label = "administration"
    default_auto_field = "django.db.models.BigAutoField"
