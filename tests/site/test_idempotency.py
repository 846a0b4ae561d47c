"""A request with an `Idempotency-Key` is done once, whatever happens in between."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from muniment.administration.models import RequestAnswer, User
from muniment.administration.services.answers import KEPT, DatabaseAnswers
from muniment.runtime.actor import Role
from muniment.runtime.clock import SystemClock
from muniment.runtime.errors import Conflict
from tests.archives import Archive
from tests.site.conftest import Caller, SignIn

ADA = {"username": "ada"}
KEY = {"idempotency-key": "k-1"}


@pytest.fixture
def administrator(sign_in: SignIn) -> Caller:
    """Who may add users."""
    return sign_in(Role.ADMINISTRATOR)


def test_the_same_request_is_answered_the_same_way_and_not_done_again(
    administrator: Caller,
) -> None:
    first = administrator.send("POST", "users", ADA, **KEY)
    second = administrator.send("POST", "users", ADA, **KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert User.objects.filter(username="ada").count() == 1


def test_another_request_with_the_key_is_refused(administrator: Caller) -> None:
    administrator.send("POST", "users", ADA, **KEY)
    answer = administrator.send("POST", "users", {"username": "bob"}, **KEY)
    assert answer.status_code == 422
    assert not User.objects.filter(username="bob").exists()


def test_while_the_first_is_under_way_the_second_waits(administrator: Caller) -> None:
    answers = DatabaseAnswers(SystemClock())
    with answers.attempt(administrator.user.username, "k-1", b"x" * 32):
        row = RequestAnswer.objects.get()
        assert row.status is None
        with (
            pytest.raises(Conflict),
            answers.attempt(administrator.user.username, "k-1", b"x" * 32),
        ):
            pass


def test_what_failed_is_not_kept(administrator: Caller) -> None:
    refused = administrator.send("POST", "users", {"username": ""}, **KEY)
    assert refused.status_code == 422
    assert not RequestAnswer.objects.exists()
    assert administrator.send("POST", "users", ADA, **KEY).status_code == 201


def test_keys_of_others_are_others(administrator: Caller, sign_in: SignIn) -> None:
    administrator.send("POST", "users", ADA, **KEY)
    other = sign_in(Role.MANAGER)
    assert other.send("POST", "users", {"username": "bob"}, **KEY).status_code == 201


def test_after_a_day_the_key_is_free(administrator: Caller) -> None:
    administrator.send("POST", "users", ADA, **KEY)
    RequestAnswer.objects.update(claimed_at=SystemClock().now() - KEPT - timedelta(seconds=1))
    assert administrator.send("POST", "users", {"username": "bob"}, **KEY).status_code == 201


def test_who_may_not_is_not_told_the_kept_answer(administrator: Caller) -> None:
    administrator.send("POST", "users", ADA, **KEY)
    User.objects.filter(pk=administrator.user.pk).update(is_active=False)
    assert administrator.send("POST", "users", ADA, **KEY).status_code == 401


@pytest.mark.parametrize("key", ["x" * 256, "a b", "\u2603"])
def test_what_is_no_key_is_refused(administrator: Caller, key: str) -> None:
    answer = administrator.send("POST", "users", ADA, **{"idempotency-key": key})
    assert answer.status_code == 400


def test_a_secret_is_told_once(administrator: Caller) -> None:
    answer = administrator.send("POST", "me/tokens", {"name": "t", "scopes": ["read"]}, **KEY)
    assert answer.status_code == 400
    assert not RequestAnswer.objects.exists()


CHILD = """
import os, sys
from datetime import timedelta
from muniment.site.bootstrap import open_archive
open_archive(settings_module="muniment.site.web_settings")
from django.test import Client
from muniment.administration.services.answers import DatabaseAnswers
from muniment.runtime.answers import Answers
from muniment.runtime.clock import SystemClock
from muniment.runtime.registry import provide

class Later:
    def now(self):
        return SystemClock().now() + timedelta(seconds=int(sys.argv[1]))

provide(Answers, DatabaseAnswers(Later()))
headers = {"authorization": "Bearer " + os.environ["TOKEN"], "idempotency-key": "k"}
body = {"username": "grace"}
client = Client(headers=headers, SERVER_NAME="localhost")
answer = client.post("/api/v1/users", body, "application/json")
print(answer.status_code, answer.get("Idempotent-Replayed", "new"))
"""


@pytest.mark.slow
@pytest.mark.parametrize("place", ["answer.claimed", "answer.written"])
def test_a_kill_leaves_it_undone_and_the_next_does_it_once(archive: Archive, place: str) -> None:
    archive.run("user", "add", "root", "--role", "administrator", "--no-input")
    token = archive.run("user", "token", "create", "root", "--name", "t", "--scope", "admin")

    def ask(later_s: int, failpoint: str = "") -> subprocess.CompletedProcess[str]:
        environment = archive.environment(TOKEN=token.out.strip(), MUNIMENT_FAILPOINT=failpoint)
        return subprocess.run(
            [sys.executable, "-c", CHILD, str(later_s)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert ask(0, place).returncode == -signal.SIGKILL
    assert ask(0).stdout == "409 new\n"
    assert ask(300).stdout == "201 new\n"
    assert ask(300).stdout == "201 true\n"
