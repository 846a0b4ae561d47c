"""Users and what their groups let them do."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from muniment.runtime.actor import Actor, Role

GIVEN_ROLES = tuple(role.value for role in Role if role not in {Role.READER, Role.ANONYMOUS})
"""Roles that a group may give; every signed-in person is a reader besides."""


class User(AbstractUser):
    """A person or a service that signs in. The framework's own flags and permissions are not used.

    `username` never changes: provenance and audit record it.
    """

    rebuilt = False

    scopes: frozenset[str] | None = None
    """What a token leaves of the roles for this request; no column."""

    language = models.CharField(max_length=8, blank=True)
    must_change_password = models.BooleanField(default=False)
    sessions_stamp = models.CharField(max_length=32, blank=True)
    """Goes into what sessions are checked against: a new one ends them all."""

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of the person's groups, and reader. One query."""
        return self.actor.roles

    @property
    def actor(self) -> Actor:
        """On whose behalf services are called; groups and roles as they are now, never cached.

        One query.
        """
        rows = list(self.groups.values_list("name", "roles__role"))
        roles = frozenset({Role.READER, *(Role(role) for _, role in rows if role)})
        groups = frozenset(name for name, _ in rows)
        return Actor(self.username, roles, self.email, self.scopes, groups)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session must carry (the framework's hook, with the stamp added)."""
        return salted_hmac(
            "muniment.administration.session",
            self.password + self.sessions_stamp,
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class GroupRole(models.Model):
    """A role that the members of a group have."""

    rebuilt = False

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "role"], name="group_role_once"),
            models.CheckConstraint(condition=Q(role__in=GIVEN_ROLES), name="group_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.role}"
