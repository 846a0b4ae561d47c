"""`muniment user change`: groups, access, password and sessions of a user."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from muniment.cli.arguments import add_leaf, with_dry_run
from muniment.cli.console import Console

if TYPE_CHECKING:
    from muniment.administration.models import User


def configure_change(leaves: Any) -> None:  # noqa: ANN401  # argparse keeps the type private
    """Add the leaf."""
    change = add_leaf(leaves, "change", "change a user", run_change)
    change.add_argument("username", metavar="NAME", help="whom")
    change.add_argument(
        "--group", action="append", metavar="NAME", help="be in exactly these; '' for none"
    )
    active = change.add_mutually_exclusive_group()
    active.add_argument("--activate", action="store_true", help="let them sign in again")
    active.add_argument("--deactivate", action="store_true", help="let them sign in no more")
    change.add_argument(
        "--password-stdin",
        action="store_true",
        help="the first line of input is a password that they must change",
    )
    change.add_argument(
        "--force-password", action="store_true", help="they must change it at the next visit"
    )
    change.add_argument("--sign-out", action="store_true", help="end their sessions")
    change.add_argument(
        "--no-second-factor", action="store_true", help="take away what they have lost"
    )
    with_dry_run(change)


def run_change(args: argparse.Namespace, console: Console) -> int:
    """Change all that is asked for, or nothing."""
    from django.db import transaction

    from muniment.administration import documents
    from muniment.administration.services.users import user_named

    with transaction.atomic():
        user = user_named(args.username)
        _change(user, args)
        user.refresh_from_db()
        shown = documents.user(user)
        transaction.set_rollback(args.dry_run)
    if console.as_json:
        console.document(shown | {"dry_run": args.dry_run})
    else:
        console.line(f"{'would be changed' if args.dry_run else 'changed'}: {args.username}")
    return 0


def _change(user: User, args: argparse.Namespace) -> None:
    from muniment.administration.services import passwords, second_factor, sessions, users
    from muniment.site.bootstrap import clock, local_administrator

    actor, now = local_administrator(), clock()
    if args.group is not None:
        users.set_groups(user, [each for each in args.group if each], actor=actor, clock=now)
    if args.activate:
        users.activate(user, actor=actor, clock=now)
    if args.deactivate:
        users.deactivate(user, actor=actor, clock=now)
    if args.password_stdin:
        passwords.set_password(user, sys.stdin.readline().rstrip("\n"), actor=actor, clock=now)
    if args.force_password:
        passwords.force_change(user, actor=actor, clock=now)
    if args.sign_out:
        sessions.end_sessions(user, actor=actor, clock=now)
    if args.no_second_factor:
        second_factor.remove_second_factor(user, actor=actor, clock=now)
