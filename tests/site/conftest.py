"""The site over an archive of the test's own process, spoken to as programs do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from muniment.administration.models import User
from muniment.administration.services.tokens import create_token
from muniment.administration.services.users import (
    FIRST_GROUPS,
    NewUser,
    add_user,
    ensure_first_groups,
)
from muniment.administration.types import SCOPES
from muniment.runtime.actor import SYSTEM, Role
from muniment.work import outbox
from tests.ingest.conftest import open_archive
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import a_folder

__all__ = ["open_archive"]


@dataclass(frozen=True, slots=True)
class Caller:
    """A user with a token, and the requests that they send."""

    user: User
    client: Client

    def get(self, address: str, **headers: str) -> Any:  # noqa: ANN401  # Django's test response
        """Send a GET below `/api/v1/`."""
        return self.client.get(f"/api/v1/{address}", headers=headers)

    def send(self, method: str, address: str, body: object = None, **headers: str) -> Any:  # noqa: ANN401  # Django's test response
        """Send JSON below `/api/v1/`."""
        return self.client.generic(
            method,
            f"/api/v1/{address}",
            data=b"" if body is None else _json(body),
            content_type="application/json",
            headers=headers,
        )


def _json(body: object) -> bytes:
    import json

    return json.dumps(body).encode()


def bearer(secret: str) -> Client:
    """Return a client that sends this token; it answers 500 instead of raising our bugs here."""
    return Client(raise_request_exception=False, headers={"authorization": f"Bearer {secret}"})


SignIn = Callable[..., Caller]


@pytest.fixture
def sign_in(open_archive: OpenArchive) -> SignIn:
    """Make users of a role, with a token of all scopes unless others are named."""
    ensure_first_groups()

    def make(role: Role, *, scopes: frozenset[str] = SCOPES, name: str = "") -> Caller:
        groups = [group for group, given in FIRST_GROUPS.items() if given is role]
        clock = open_archive.clock
        user = add_user(NewUser(name or role.value, groups=groups), actor=SYSTEM, clock=clock)
        _, secret = create_token(
            user, "test", scopes=sorted(scopes), life=None, actor=SYSTEM, clock=clock
        )
        return Caller(user, bearer(secret))

    return make


@pytest.fixture
def archivist(sign_in: SignIn) -> Caller:
    """An archivist with a token of all scopes."""
    return sign_in(Role.ARCHIVIST)


@pytest.fixture
def kept(open_archive: OpenArchive, archivist: Caller, tmp_path: Path) -> str:
    """The identifier of an object of the archivist."""
    submission = open_archive.hand_in(a_folder(tmp_path / "letters"), archivist.user.actor)
    outbox.drain()
    return str(submission.object_id)
