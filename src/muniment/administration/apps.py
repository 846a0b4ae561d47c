"""The Django application of this package."""

from __future__ import annotations

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """Registers the tables of `muniment.administration`."""

    name = "muniment.administration"
    label = "administration"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who sees which table; let the OpenAPI document know of tokens, in the site."""
        from django.apps import apps

        from muniment.administration import who_sees

        who_sees.register()
        if apps.is_installed("drf_spectacular"):
            from muniment.administration import openapi  # noqa: F401  # registers itself
