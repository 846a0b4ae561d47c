"""How one signs in at the site, from the settings; commands do without."""

from __future__ import annotations

from muniment.administration.services.foreign_identities import ClaimRules
from muniment.administration.services.signing_in import WaysIn
from muniment.connectors.oidc import OidcClient, Relying
from muniment.runtime.registry import provide, withdraw
from muniment.runtime.settings import settings
from muniment.site.bootstrap import clock


def connect_sign_in() -> None:
    """Provide the ways in; the provider's client only where one is named."""
    found = settings()
    name = found.oidc_name if found.oidc_issuer else ""
    provide(WaysIn, WaysIn(found.allow_local_login, name))
    if not found.oidc_issuer:
        withdraw(OidcClient)
        return
    callback = f"{found.site_address}/api/oidc/callback/"
    relying = Relying(
        found.oidc_issuer,
        found.oidc_rp_client_id,
        found.oidc_rp_client_secret,
        callback,
        found.oidc_scopes,
    )
    provide(OidcClient, OidcClient(relying, clock()))
    groups = dict(each.split("=", 1) for each in found.oidc_groups)
    rules = ClaimRules(
        found.oidc_username_claim, found.oidc_role_claims, groups, found.oidc_required_role
    )
    provide(ClaimRules, rules)
