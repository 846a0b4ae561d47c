"""Why a sign-in through a provider is not taken."""

from __future__ import annotations

from muniment.runtime.errors import Unauthenticated


class SignInRefused(Unauthenticated):
    """What the provider sent is not to be trusted, or it said no; the message may be shown."""

    code = "sign-in-refused"
