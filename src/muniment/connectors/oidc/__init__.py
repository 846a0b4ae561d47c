"""Signing in at a provider of OpenID Connect (orchestration spec §4.8)."""

from __future__ import annotations

from muniment.connectors.oidc.claims import claim_values
from muniment.connectors.oidc.client import Begun, OidcClient, Relying
from muniment.connectors.oidc.refusals import SignInRefused

__all__ = ["Begun", "OidcClient", "Relying", "SignInRefused", "claim_values"]
