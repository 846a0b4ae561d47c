"""`muniment user …`: users, their groups and their tokens."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from muniment.cli.arguments import add_leaf, with_dry_run
from muniment.cli.console import Console
from muniment.cli.tables import table
from muniment.cli.user_change import configure_change

SUMMARY = "Add, list and change users; make and revoke their tokens"
NEEDS_ARCHIVE = True
_ROLES = ["administrator", "manager", "archivist", "editor", "auditor", "depositor"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the leaves."""
    leaves = parser.add_subparsers(dest="leaf", metavar="COMMAND", required=True)
    add = add_leaf(leaves, "add", "add a user", run_add)
    add.add_argument("username", metavar="NAME", nargs="?", help="asked for without")
    add.add_argument(
        "--role",
        choices=_ROLES,
        action="append",
        default=[],
        metavar="ROLE",
        help=f"by its group: {', '.join(_ROLES)}",
    )
    add.add_argument("--email", default="", metavar="ADDRESS", help="for mail to them")
    add.add_argument("--no-input", action="store_true", help="ask nothing: no password is set")
    add.add_argument("--password-stdin", action="store_true", help="the first line of input is it")
    with_dry_run(add)
    listing = add_leaf(leaves, "list", "the users by name", run_list)
    listing.add_argument("--limit", type=int, default=50, metavar="N", help="most rows (50)")
    listing.add_argument("--after", default="", metavar="NAME", help="go on behind this")
    configure_change(leaves)
    token = leaves.add_parser("token", help="the tokens of a user")
    verbs = token.add_subparsers(dest="verb_of_token", metavar="COMMAND", required=True)
    create = add_leaf(verbs, "create", "make a token and print its secret, this once", run_create)
    create.add_argument("username", metavar="NAME", help="whose")
    create.add_argument("--name", required=True, metavar="TEXT", help="what it is for")
    create.add_argument("--scope", action="append", required=True, metavar="WORD", help="repeat it")
    create.add_argument("--days", type=int, default=365, metavar="N", help="its life (365)")
    with_dry_run(create)
    shown = add_leaf(verbs, "list", "those that are not revoked", run_tokens)
    shown.add_argument("username", metavar="NAME", help="whose")
    revoke = add_leaf(verbs, "revoke", "end a token at once", run_revoke)
    revoke.add_argument("username", metavar="NAME", help="whose")
    revoke.add_argument("--name", required=True, metavar="TEXT", help="which")
    with_dry_run(revoke)


def run_add(args: argparse.Namespace, console: Console) -> int:
    """Add a user with the groups of the roles."""
    from muniment.administration import documents
    from muniment.administration.services.users import FIRST_GROUPS, NewUser, add_user
    from muniment.runtime.errors import InvalidArgument
    from muniment.site.bootstrap import clock, local_administrator

    asks = not args.no_input and sys.stdin.isatty()
    username = args.username or (input("user name: ") if asks else "")
    if not username:
        raise InvalidArgument("a user needs a name: muniment user add NAME")
    groups = [name for name, role in FIRST_GROUPS.items() if role.value in args.role]
    password = _password(args, asks=asks)
    new = NewUser(username, args.email, "", password, groups)
    user = _tried(args, lambda: add_user(new, actor=local_administrator(), clock=clock()))
    if console.as_json:
        console.document(documents.user(user) if not args.dry_run else {"dry_run": True})
    else:
        console.line(f"{'would be added' if args.dry_run else 'added'}: {username}")
    return 0


def _password(args: argparse.Namespace, *, asks: bool) -> str | None:
    if args.password_stdin:
        return sys.stdin.readline().rstrip("\n")
    return getpass.getpass("password (empty: none): ") or None if asks else None


def _tried(args: argparse.Namespace, change: Callable[[], Any]) -> Any:  # noqa: ANN401  # any row
    from django.db import transaction

    with transaction.atomic():
        result = change()
        transaction.set_rollback(args.dry_run)
    return result


def run_list(args: argparse.Namespace, console: Console) -> int:
    """Print a page."""
    from muniment.administration import documents
    from muniment.administration.queries import page_of_users
    from muniment.site.bootstrap import local_administrator

    page = page_of_users(local_administrator(), limit=args.limit, after=args.after)
    rows = [documents.user(each) for each in page.rows]
    if console.as_json:
        console.document({"users": rows, "next": page.next or None})
        return 0
    if not rows:
        console.line("There are no users yet. Begin with: muniment user add NAME")
    columns = [
        (u["username"], ", ".join(u["groups"]) or "-", "" if u["is_active"] else "inactive")
        for u in rows
    ]
    for line in table(columns):
        console.line(line)
    return 0


def run_create(args: argparse.Namespace, console: Console) -> int:
    """Make a token; its secret is printed alone on standard output."""
    from muniment.administration import documents
    from muniment.administration.services.tokens import create_token
    from muniment.administration.services.users import user_named
    from muniment.site.bootstrap import clock, local_administrator

    row, secret = _tried(
        args,
        lambda: create_token(
            user_named(args.username),
            args.name,
            scopes=args.scope,
            life=timedelta(days=args.days),
            actor=local_administrator(),
            clock=clock(),
        ),
    )
    if console.as_json:
        # The secret of what was not made would open nothing.
        shown = {"dry_run": True} if args.dry_run else {"token": secret}
        console.document(documents.token(row) | shown)
    elif args.dry_run:
        console.say("It would be made.")
    else:
        console.line(secret)
        console.say("Keep it now: nobody can show it again.")
    return 0


def run_tokens(args: argparse.Namespace, console: Console) -> int:
    """Print the tokens of a user without their secrets."""
    from muniment.administration import documents
    from muniment.administration.queries import tokens_of
    from muniment.administration.services.users import user_named

    rows = [documents.token(each) for each in tokens_of(user_named(args.username))]
    if console.as_json:
        console.document({"tokens": rows})
        return 0
    if not rows:
        console.line(f"{args.username} has no token.")
    columns = [(t["name"], t["hint"] + "…", " ".join(t["scopes"]), t["expires_at"]) for t in rows]
    for line in table(columns):
        console.line(line)
    return 0


def run_revoke(args: argparse.Namespace, console: Console) -> int:
    """End a token."""
    from muniment.administration import documents
    from muniment.administration.services.tokens import revoke_token
    from muniment.administration.services.users import user_named
    from muniment.site.bootstrap import clock, local_administrator

    row = _tried(
        args,
        lambda: revoke_token(
            user_named(args.username), args.name, actor=local_administrator(), clock=clock()
        ),
    )
    if console.as_json:
        console.document(documents.token(row) | {"dry_run": args.dry_run})
    else:
        console.line(f"{'would be revoked' if args.dry_run else 'revoked'}: {args.name}")
    return 0
