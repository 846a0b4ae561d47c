"""The second factor of a sign-in: set up, confirmed, asked for, taken away (archive spec §7)."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction

from muniment.administration import totp
from muniment.administration.models import RecoveryCode, SecondFactor, User
from muniment.administration.services.audit import Deed, record
from muniment.administration.services.users import require_may_change
from muniment.runtime.actor import Actor
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument, Missing, WrongState
from muniment.runtime.secret_box import SecretBox

_SECRET_BYTES = 20  # RFC 4226 §4 R6
_CODES = 10


def has_second_factor(user: User) -> bool:
    """Say whether the user must give a code to sign in. One query."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def begin_second_factor(user: User, *, box: SecretBox) -> bytes:
    """Make a secret for the user's authenticator; it counts when a code of it was given.

    Called again before that, it makes another. Raises WrongState when one is in force.
    """
    secret = secrets.token_bytes(_SECRET_BYTES)
    with transaction.atomic():
        if has_second_factor(user):
            raise WrongState("you have a second factor; take it away first")
        SecondFactor.objects.update_or_create(
            user=user, defaults={"sealed_secret": box.seal(secret)}
        )
    return secret


def secret_begun(user: User, *, box: SecretBox) -> bytes | None:
    """Return the secret that waits for its first code; None where there is none."""
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=True).first()
    return box.open(factor.sealed_secret) if factor else None


def drop_begun_second_factor(user: User) -> None:
    """Forget a secret that waits for its first code; one in force stays. Idempotent."""
    SecondFactor.objects.filter(user=user, confirmed_at__isnull=True).delete()


def confirm_second_factor(user: User, code: str, *, box: SecretBox, clock: Clock) -> list[str]:
    """Put the secret in force; return the recovery codes, which nobody can show again.

    Raises InvalidArgument for a wrong code, Missing when nothing was begun.
    """
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=True).first()
    if factor is None:
        raise Missing("no second factor was begun")
    step = totp.matching_step(box.open(factor.sealed_secret), _plain(code), clock.now())
    if step is None:
        raise InvalidArgument("this code does not belong to the secret; is your clock right?")
    with transaction.atomic():
        factor.confirmed_at = clock.now()
        factor.last_step = step
        factor.save(update_fields=["confirmed_at", "last_step"])
        codes = _new_codes(factor)
        record(Deed("user.second_factor.add", user.username), actor=user.actor, clock=clock)
    return codes


def _new_codes(factor: SecondFactor) -> list[str]:
    codes = ["-".join((secrets.token_hex(3), secrets.token_hex(3))) for _ in range(_CODES)]
    factor.codes.all().delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=factor, digest=_digest(_plain(code))) for code in codes
    )
    return codes


def opens(user: User, code: str, *, box: SecretBox, clock: Clock) -> bool:
    """Say whether a code of the authenticator, or a recovery code, is good; each is good once."""
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    if factor is None:
        return False
    said = _plain(code)
    step = totp.matching_step(box.open(factor.sealed_secret), said, clock.now())
    if step is not None:
        newer = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
        return newer.update(last_step=step) == 1
    unused = RecoveryCode.objects.filter(factor=factor, digest=_digest(said), used_at__isnull=True)
    with transaction.atomic():
        is_good = unused.update(used_at=clock.now()) == 1
        if is_good:
            record(Deed("user.recovery_code", user.username), actor=user.actor, clock=clock)
    return is_good


def remove_second_factor(user: User, *, actor: Actor, clock: Clock) -> None:
    """Take it away: one's own, or somebody's who lost it. Raises PermissionDenied, Missing."""
    if user.username != actor.name:
        require_may_change(user, actor)
    with transaction.atomic():
        if not SecondFactor.objects.filter(user=user).delete()[0]:
            raise Missing(f"{user.username} has no second factor")
        record(Deed("user.second_factor.remove", user.username), actor=actor, clock=clock)


def _plain(code: str) -> str:
    return code.replace(" ", "").replace("-", "").strip().lower()[:64]


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()
