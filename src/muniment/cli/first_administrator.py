"""The first person who can sign in and do everything, where nobody can yet."""

from __future__ import annotations

import secrets

from muniment.cli.console import Console

NAME = "admin"


def ensure_first_administrator(console: Console) -> None:
    """Make one with a password that is shown this once; where there is one, say how to go on."""
    from muniment.administration.services.users import NewUser, add_user, has_administrator
    from muniment.site.bootstrap import clock, local_administrator

    if has_administrator():
        console.line("Sign in as an administrator of before, or make one: muniment user add NAME")
        return
    password = secrets.token_urlsafe(15)
    new = NewUser(
        NAME, full_name="First administrator", password=password, groups=["administrators"]
    )
    add_user(new, actor=local_administrator(), clock=clock())
    console.line(f"Sign in as {NAME} with the password {password}")
    console.line("(shown this once; change it under your name in the page)")
