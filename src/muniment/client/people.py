"""Oneself, users, groups, and signing in."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from muniment.client.asking import Asking, Document, Page, Shown, segment


class People(Asking):
    """Who one is, and who else there is."""

    __slots__ = ()

    def sign_in(self, username: str, password: str, *, code: str = "") -> Document:
        """Return a pair of tokens; `Client.signed_in` makes a client of it."""
        body = {"username": username, "password": password, "code": code}
        return self._posted("auth/login", body, is_kept=False)

    def renew(self, refresh: str) -> Document:
        """Return new tokens for old."""
        return self._posted("auth/token/refresh", {"refresh": refresh}, is_kept=False)

    def sign_out(self) -> None:
        """End the token that signing in gave."""
        self.transport.send("POST", "auth/logout")

    def ask_for_password(self, username: str) -> None:
        """Ask for a letter with a link that sets a new password."""
        self._sent_once("auth/password/forgotten", {"username": username})

    def reset_password(self, username: str, token: str, new: str) -> None:
        """Set a new password with the secret of the letter."""
        self._sent_once("auth/password/reset", {"username": username, "token": token, "new": new})

    def me(self) -> Shown:
        """Return who one is there."""
        return self._document("me")

    def tokens(self, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of one's tokens; never the secrets."""
        return self._page("me/tokens", limit=limit, cursor=after, **wanted)

    def make_token(self, name: str, scopes: Sequence[str], *, days: int = 365) -> Document:
        """Make a token; its secret is told this once."""
        body = {"name": name, "scopes": list(scopes), "days": days}
        return self._posted("me/tokens", body, is_kept=False)

    def revoke_token(self, name: str) -> None:
        """End a token at once."""
        self._changed("DELETE", f"me/tokens/{segment(name)}")

    def sessions(self, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of where one is signed in: browsers and programs."""
        return self._page("me/sessions", limit=limit, cursor=after, **wanted)

    def end_session(self, name: str) -> None:
        """Sign out there."""
        self._changed("DELETE", f"me/sessions/{segment(name)}")

    def end_sessions(self) -> None:
        """Sign out everywhere."""
        self._changed("DELETE", "me/sessions")

    def begin_second_factor(self) -> Document:
        """Return a secret for an authenticator."""
        return self._posted("me/second-factor", is_kept=False)

    def confirm_second_factor(self, code: str) -> list[str]:
        """Put the second factor in force; return the recovery codes, this once."""
        told = self._changed("PUT", "me/second-factor", {"code": code})
        codes: list[str] = told["recovery_codes"]
        return codes

    def remove_second_factor(self) -> None:
        """Take one's second factor away."""
        self._changed("DELETE", "me/second-factor")

    def notifications(self, *, limit: int = 50, after: str = "", **wanted: object) -> Page:
        """Return a page of what one was told, newest first; `wanted`: kind, is_read."""
        return self._page("me/notifications", limit=limit, cursor=after, **wanted)

    def mark_read(self, up_to: int) -> int:
        """Mark what one has seen as read; return how many are unread."""
        unread: int = self._posted("me/notifications/read", {"up_to": up_to})["unread"]
        return unread

    def choices(self, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of how one is told of each kind."""
        return self._page("me/notifications/choices", limit=limit, cursor=after, **wanted)

    def choose(self, kind: str, *, in_page: bool, mail: str) -> None:
        """Choose how one is told of a kind."""
        body = {"in_page": in_page, "mail": mail}
        self._changed("PUT", f"me/notifications/choices/{segment(kind)}", body)

    def users(self, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of users by name; `wanted`: group, is_active, sort, count."""
        return self._page("users", limit=limit, cursor=after, **wanted)

    def user(self, username: str) -> Shown:
        """Return a user."""
        return self._document(f"users/{segment(username)}")

    def add_user(self, username: str, **more: object) -> Document:
        """Add a user; `more`: email, full_name, groups."""
        return self._posted("users", {"username": username, **more})

    def change_user(self, username: str, *, seen: str = "*", **change: object) -> Shown:
        """Change a user; what is left out stays."""
        return self._changed("PATCH", f"users/{segment(username)}", change, seen=seen)

    def end_sessions_of(self, username: str) -> None:
        """Sign a user out everywhere."""
        self._changed("DELETE", f"users/{segment(username)}/sessions")

    def remove_second_factor_of(self, username: str) -> None:
        """Take the second factor of a user away."""
        self._changed("DELETE", f"users/{segment(username)}/second-factor")

    def groups(self, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of groups by name."""
        return self._page("groups", limit=limit, cursor=after, **wanted)

    def group(self, name: str) -> Shown:
        """Return a group."""
        return self._document(f"groups/{segment(name)}")

    def add_group(self, name: str, roles: Sequence[str]) -> Document:
        """Add a group that gives roles."""
        return self._posted("groups", {"name": name, "roles": list(roles)})

    def set_roles(self, name: str, roles: Sequence[str], *, seen: str = "*") -> Shown:
        """Set the roles of a group."""
        return self._changed("PUT", f"groups/{segment(name)}", {"roles": list(roles)}, seen=seen)

    def remove_group(self, name: str, *, seen: str = "*") -> None:
        """Remove a group without members."""
        self._changed("DELETE", f"groups/{segment(name)}", seen=seen)

    def roles(self, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of the roles with their permissions."""
        return self._page("roles", limit=limit, cursor=after, **wanted)

    def _sent_once(self, path: str, body: Document) -> None:
        headers = {"Content-Type": "application/json"}
        self.transport.send("POST", path, orjson.dumps(body), headers)
