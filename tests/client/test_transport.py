"""The client's requests against a real server that misbehaves."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from muniment.client import Client, Transport
from muniment.client.problems import error_of
from muniment.runtime import errors
from muniment.runtime.errors import InvalidArgument, MunimentError, PartnerDown, Unavailable

Script = tuple[int, dict[str, str], bytes]
GOOD: Script = (200, {}, b'{"username": "ada"}')
BUSY: Script = (503, {"Retry-After": "7"}, b'{"code": "unavailable", "detail": "later"}')


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    scripts: list[Script]
    asked: list[tuple[str, str, dict[str, str]]]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.asked.append((self.command, self.path, dict(self.headers.items())))
        status, headers, body = self.server.scripts.pop(0)
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = _answer

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[_Server]:
    """A server that plays scripts."""
    with _Server(("127.0.0.1", 0), _Handler) as made:
        made.scripts, made.asked = [], []
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def slept() -> list[float]:
    """How long the client waited."""
    return []


@pytest.fixture
def client(server: _Server, slept: list[float]) -> Client:
    """A client that does not really wait."""
    url = f"http://127.0.0.1:{server.server_address[1]}/archive/"
    return Client(Transport(url, "mun_x", sleep=slept.append))


def test_a_request_bears_the_token_below_the_path_of_the_site(
    client: Client, server: _Server
) -> None:
    server.scripts = [GOOD]
    assert client.me() == {"username": "ada"}
    ((method, path, headers),) = server.asked
    assert (method, path) == ("GET", "/archive/api/v1/me")
    assert headers["Authorization"] == "Bearer mun_x"


def test_a_busy_server_is_asked_again_when_it_wishes(
    client: Client, server: _Server, slept: list[float]
) -> None:
    server.scripts = [BUSY, BUSY, GOOD]
    assert client.me() == {"username": "ada"}
    assert slept == [7.0, 7.0]


def test_a_post_is_repeated_under_the_same_key(client: Client, server: _Server) -> None:
    server.scripts = [BUSY, (200, {}, b'{"tags": ["a"]}')]
    assert client.tag("x/y", add=["a"]) == ["a"]
    first, second = (headers["Idempotency-Key"] for _, _, headers in server.asked)
    assert first == second
    assert server.asked[0][1] == "/archive/api/v1/objects/x%2Fy/tags"


def test_in_the_end_it_is_told_as_what_it_is(client: Client, server: _Server) -> None:
    server.scripts = [BUSY] * 4
    with pytest.raises(Unavailable, match="later"):
        client.me()
    assert len(server.asked) == 4


def test_events_are_heard_on_behind_a_cut(client: Client, server: _Server) -> None:
    first = b'retry: 3000\n\nid: 7\nevent: x\ndata: {"number": 7}\n\nid: 8\ndata: {"numb'
    server.scripts = [
        (200, {}, first),
        BUSY,
        (200, {}, b': still here\n\nid: 8\ndata: {"number": 8}\n\n'),
    ]
    news = client.hear(behind=6)
    assert [next(news), next(news)] == [{"number": 7}, {"number": 8}]
    assert [said["Last-Event-ID"] for _, _, said in server.asked] == ["6", "7", "7"]


def test_a_stream_that_one_may_not_hear_is_told(client: Client, server: _Server) -> None:
    server.scripts = [(403, {}, b'{"code": "permission-denied", "detail": "not for you"}')]
    with pytest.raises(errors.PermissionDenied, match="not for you"):
        next(client.hear())


def test_a_list_is_gone_through_to_its_end(client: Client, server: _Server) -> None:
    following = b'{"items": [{"id": 1}], "next": "http://x/api/v1/jobs?cursor=1"}'
    server.scripts = [(200, {}, following), (200, {}, b'{"items": [{"id": 0}], "next": null}')]
    assert [each["id"] for each in client.each(client.jobs, kind="prune")] == [1, 0]
    assert server.asked[1][1] == "/archive/api/v1/jobs?limit=50&cursor=1&kind=prune"


def test_a_change_names_what_was_shown(client: Client, server: _Server) -> None:
    server.scripts = [(200, {"ETag": '"1"'}, b'{"steps": []}'), (200, {"ETag": '"2"'}, b"{}")]
    shown = client.pipeline("default")
    changed = client.save_pipeline("default", shown["steps"], seen=shown.etag)
    assert (shown.etag, changed.etag) == ('"1"', '"2"')
    assert server.asked[1][2]["If-Match"] == '"1"'


def test_a_token_is_not_carried_to_another_place(client: Client, server: _Server) -> None:
    server.scripts = [(302, {"Location": "http://127.0.0.1:1/evil"}, b"")]
    with pytest.raises(InvalidArgument, match="leads on"):
        client.me()


def test_something_else_than_the_api_is_told(client: Client, server: _Server) -> None:
    server.scripts = [(200, {}, b"<html>")]
    with pytest.raises(PartnerDown, match="is it Muniment"):
        client.me()


def test_nobody_there_is_told() -> None:
    with pytest.raises(PartnerDown):
        Client(Transport("http://127.0.0.1:1", sleep=lambda _: None)).me()


@pytest.mark.parametrize("url", ["x", "ftp://a/", "http://", "http://u:p@a/", "file:///etc/passwd"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidArgument):
        Transport(url)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "unauthenticated", errors.Unauthenticated),
        (403, "permission-denied", errors.PermissionDenied),
        (404, "object-missing", errors.ObjectMissing),
        (404, "version-missing", errors.VersionMissing),
        (409, "wrong-state", errors.WrongState),
        (412, "version-conflict", errors.VersionConflict),
        (422, "validation-failed", errors.InvalidArgument),
        (429, "rate-limited", errors.RateLimited),
        (507, "no-space", errors.NoSpace),
        (502, "", errors.Unavailable),
        (418, "teapot", errors.InvalidArgument),
        (404, "no-space", errors.ObjectMissing),
    ],
)
def test_a_problem_is_the_error_that_it_would_be_here(
    status: int, code: str, kind: type[MunimentError]
) -> None:
    found = error_of(status, json.dumps({"code": code, "detail": "so it is"}).encode())
    assert type(found) is kind
    assert "so it is" in str(found)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'{"detail": 7}', b"\xff"])
def test_no_answer_breaks_it(body: bytes) -> None:
    assert isinstance(error_of(500, body), Unavailable)
