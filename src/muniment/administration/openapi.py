"""How the OpenAPI document tells of bearer tokens; loaded with the application."""

from __future__ import annotations

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registry
    """The token of `/me/tokens`, or of `muniment user token create`."""

    target_class = "muniment.administration.authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:  # noqa: ARG002
        """Return the scheme (OpenAPI 3.1 §4.8.27)."""
        return {"type": "http", "scheme": "bearer"}
