"""`/api/v1/events/stream` on a real site: each event once, none missed, nobody who may not."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from tests.archives import ArchiveTemplate
from tests.web.browser import Site, serving
from tests.web.test_live import Stream

ADDRESS = "/api/v1/events/stream"


@pytest.fixture(scope="module")
def site(
    archive_template: ArchiveTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    made = archive_template.copy(tmp_path_factory.mktemp("events") / "archive")
    with serving(made) as found:
        yield found
    made.remove()


def a_token(site: Site, user: str, role: str, scope: str = "admin") -> str:
    site.archive.run("user", "add", user, "--role", role, "--no-input", "--quiet")
    words = ("user", "token", "create", user, "--name", "t", "--scope", scope)
    return site.archive.run(*words).out.strip()


@contextmanager
def hear(site: Site, token: str, query: str = "", **headers: str) -> Iterator[Stream]:
    """Listen until the block ends."""
    connection = http.client.HTTPConnection(urlsplit(site.address).netloc, timeout=60)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    sent |= {"Authorization": f"Bearer {token}"} if token else {}
    connection.request("GET", ADDRESS + query, headers=sent)
    stream = Stream(connection, connection.getresponse())
    try:
        yield stream
    finally:
        stream.close()


def happen(site: Site, *words: str) -> None:
    lines = [f"outbox.add('said', word={word!r})" for word in words]
    site.archive.run("shell", "--command", "; ".join(["from muniment.work import outbox", *lines]))


def word_of(event: dict[str, str]) -> str:
    return str(json.loads(event["data"])["payload"]["word"])


def test_events_come_once_and_are_read_on_after_a_cut(site: Site) -> None:
    token = a_token(site, "ada", "administrator")
    happen(site, "long ago")
    with hear(site, token, Accept="text/event-stream") as stream:
        assert (stream.status, stream.response.headers["Content-Type"]) == (
            200,
            "text/event-stream",
        )
        happen(site, "one", "two\nlines")
        first, second = stream.event(), stream.event()
    assert [word_of(first), word_of(second)] == ["one", "two\nlines"]
    assert (first["event"], int(first["id"]) + 1) == ("said", int(second["id"]))
    happen(site, "meanwhile")
    with hear(site, token, Last_Event_ID=second["id"]) as again:
        assert word_of(again.event()) == "meanwhile"
    with hear(site, token, f"?after={int(first['id']) - 2}") as whole:
        words = [word_of(whole.event()) for _ in range(4)]
    assert words == ["long ago", "one", "two\nlines", "meanwhile"]


def test_who_is_let_in_no_more_hears_no_more(site: Site) -> None:
    token = a_token(site, "eve", "administrator")
    with hear(site, token) as stream:
        happen(site, "before")
        assert word_of(stream.event()) == "before"
        site.archive.run("user", "token", "revoke", "eve", "--name", "t")
        happen(site, "after")
        assert stream.event() == {}


@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [
        ("", {}, 401),
        ("mun_nobody", {}, 401),
        ("good", {"Last_Event_ID": "x" * 900}, 422),
        ("good", {"Last_Event_ID": "-1"}, 422),
    ],
)
def test_others_are_told_why_not(
    site: Site, token: str, headers: dict[str, str], status: int
) -> None:
    if token == "good":
        token = a_token(site, f"u{len(headers['Last_Event_ID'])}", "administrator")
    with hear(site, token, **headers) as stream:
        assert stream.status == status
        assert json.loads(stream.response.read())["status"] == status


def test_who_sees_only_their_own_is_not_let_in(site: Site) -> None:
    with hear(site, a_token(site, "otto", "depositor")) as stream:
        assert stream.status == 403
