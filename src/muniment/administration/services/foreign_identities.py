"""Users whom a provider of OpenID Connect names: made, brought up to date, given their groups."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db import transaction

from muniment.administration.models import ForeignIdentity, User
from muniment.administration.services.audit import Deed, record
from muniment.connectors.oidc import SignInRefused, claim_values
from muniment.connectors.oidc.claims import Claims, text_claim
from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import Clock

_UNFIT = re.compile(r"[^\w.@+-]")


@dataclass(frozen=True, slots=True)
class ClaimRules:
    """What the claims of a provider mean here.

    `groups`: value of a role claim -> group. Groups that stand on its right side are the
    provider's: who has the value is in, who has it no more is out. Others are given here.
    """

    username_claim: str = "preferred_username"
    role_claims: tuple[str, ...] = ("groups",)
    groups: Mapping[str, str] | None = None
    required_role: str = ""

    def values(self, claims: Claims) -> frozenset[str]:
        """Return all values of the role claims."""
        return frozenset().union(*(claim_values(claims, path) for path in self.role_claims))


def user_of_claims(claims: Claims, rules: ClaimRules, *, clock: Clock) -> User:
    """Return the user of these checked claims, made where there is none, up to date.

    Never an account that only has the same name or address. Raises SignInRefused.
    """
    values = rules.values(claims)
    if rules.required_role and rules.required_role not in values:
        raise SignInRefused("your account there has no right to use this archive")
    with transaction.atomic():
        user = _known(claims) or _made(claims, rules, clock)
        if not user.is_active:
            raise SignInRefused("your account here was switched off")
        user.email = text_claim(claims, "email")[:254]
        user.first_name = text_claim(claims, "given_name")[:150]
        user.last_name = text_claim(claims, "family_name")[:150]
        user.save(update_fields=["email", "first_name", "last_name"])
        _set_groups(user, values, rules.groups or {}, clock)
    return user


def _known(claims: Claims) -> User | None:
    found = ForeignIdentity.objects.select_related("user").filter(
        issuer=claims["iss"], subject=claims["sub"]
    )
    identity = found.first()
    return identity.user if identity else None


def _made(claims: Claims, rules: ClaimRules, clock: Clock) -> User:
    wished = text_claim(claims, rules.username_claim) or text_claim(claims, "sub")
    user = User(username=_free_name(_UNFIT.sub("-", wished)[:140] or "user"))
    user.set_unusable_password()
    user.save(force_insert=True)
    ForeignIdentity.objects.create(user=user, issuer=str(claims["iss"]), subject=str(claims["sub"]))
    detail = {"issuer": str(claims["iss"]), "subject": str(claims["sub"])}
    record(Deed("user.add", user.username, detail=detail), actor=SYSTEM, clock=clock)
    return user


def _free_name(wished: str) -> str:
    """Return the name, with a number when somebody here has it already."""
    name, number = wished, 1
    while User.objects.filter(username=name).exists():
        number += 1
        name = f"{wished}-{number}"
    return name


def _set_groups(
    user: User, values: Collection[str], groups: Mapping[str, str], clock: Clock
) -> None:
    before = set(user.groups.values_list("name", flat=True))
    given = {groups[value] for value in values if value in groups}
    after = (before - set(groups.values())) | given
    if after == before:
        return
    user.groups.set(Group.objects.filter(name__in=after))
    detail = {"before": sorted(before), "after": sorted(after), "by": "claims"}
    record(Deed("user.groups", user.username, detail=detail), actor=SYSTEM, clock=clock)
