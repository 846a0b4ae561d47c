"""What a password must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from muniment.runtime.errors import InvalidArgument

if TYPE_CHECKING:
    from muniment.administration.models import User


def check_new_password(password: str, user: User) -> None:
    """Raise InvalidArgument, which says why, when the rules do not allow this password."""
    try:
        validate_password(password, user)
    except ValidationError as exc:
        raise InvalidArgument(f"this password cannot be used: {' '.join(exc.messages)}") from exc
