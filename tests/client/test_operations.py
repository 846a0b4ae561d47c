"""The client has a method for each operation of the OpenAPI document, and asks as it says."""

from __future__ import annotations

import inspect
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from muniment.client import Client, Transport

DOCUMENT = json.loads(
    (Path(__file__).parents[2] / "docs" / "openapi.json").read_text(encoding="utf-8")
)
# What every method finds in an answer that it takes apart.
ANSWER: dict[str, object] = {
    "items": [],
    "next": None,
    "access": "x",
    "tags": [],
    "times": [],
    "unread": 0,
    "recovery_codes": [],
    "verdict": "accepted",
    "reason": None,
}
LISTS_AS_ANSWER = re.compile(r"POST /api/v1/deposits/[^/]+/files$")
ARGUMENTS: dict[str, object] = {
    "str": "x",
    "int": 1,
    "bytes": b"a/b",
    "bool": True,
    "Sequence[str]": ["x"],
    "Sequence[Document]": [{"name": "x"}],
    "Document": {"policy": "public"},
}
# What asks no server by itself, or asks by way of another method.
NO_OPERATIONS = {"at", "signed_in", "each", "all_of", "verdict"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    asked: list[tuple[str, str]]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.asked.append((self.command, self.path))
        is_list = LISTS_AS_ANSWER.match(f"{self.command} {urlsplit(self.path).path}")
        body = json.dumps([ANSWER] if is_list else ANSWER).encode()
        if self.path.endswith("/events/stream"):
            body = b"id: 1\nevent: x\ndata: {}\n\n"
        self.send_response(200)
        self.send_header("Upload-Offset", "0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _answer

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def asked() -> Iterator[dict[str, list[tuple[str, str]]]]:
    """What each method of the client asks of a server that answers everything."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        client = Client(Transport(f"http://127.0.0.1:{server.server_address[1]}", "x"))
        found = {}
        for name, method in inspect.getmembers(client, inspect.ismethod):
            if name.startswith("_") or name in NO_OPERATIONS:
                continue
            server.asked = []
            result = method(*_arguments(method), **_named(method))
            if isinstance(result, Iterator):
                next(result)
            found[name] = list(server.asked)
        yield found
        server.shutdown()


def _arguments(method: Any) -> list[object]:  # noqa: ANN401  # a bound method
    import io

    said = inspect.signature(method).parameters.values()
    wanted = [each for each in said if each.kind is each.POSITIONAL_OR_KEYWORD]
    others = {"IO[bytes]": io.BytesIO(b"x")}
    return [
        {**ARGUMENTS, **others}[str(each.annotation)]
        for each in wanted
        if each.default is each.empty
    ]


def _named(method: Any) -> dict[str, object]:  # noqa: ANN401  # likewise
    said = inspect.signature(method).parameters.values()
    wanted = [
        each for each in said if each.kind is each.KEYWORD_ONLY and each.default is each.empty
    ]
    return {each.name: ARGUMENTS[str(each.annotation)] for each in wanted}


def _operation(method: str, address: str) -> str | None:
    """Return the operation that a request is, as the document names it."""
    path = urlsplit(address).path
    known = sorted(DOCUMENT["paths"], key=lambda each: each.count("{"))
    for template in known:
        pattern = re.sub(r"\\{path\\}$", ".+", re.escape(template))
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", pattern)
        if re.fullmatch(pattern, path) and method.lower() in DOCUMENT["paths"][template]:
            return str(DOCUMENT["paths"][template][method.lower()]["operationId"])
    return None


def test_every_operation_has_a_method(asked: dict[str, list[tuple[str, str]]]) -> None:
    covered = {_operation(*request) for requests in asked.values() for request in requests}
    every = {
        operation["operationId"]
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
    }
    assert every - covered == set()


def test_no_method_asks_what_is_not_in_the_document(
    asked: dict[str, list[tuple[str, str]]],
) -> None:
    for name, requests in asked.items():
        assert requests, f"{name} asks nothing"
        for method, address in requests:
            if method == "HEAD":  # of tus: the generator leaves it out
                continue
            assert _operation(method, address), f"{name}: {method} {address}"


def test_every_parameter_that_is_sent_is_known(asked: dict[str, list[tuple[str, str]]]) -> None:
    by_operation = {
        operation["operationId"]: {each["name"] for each in operation.get("parameters", ())}
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
    }
    for name, requests in asked.items():
        for method, address in requests:
            said = {each for each, _ in parse_qsl(urlsplit(address).query)}
            operation = _operation(method, address)
            assert said <= by_operation.get(operation or "", set()), (name, address)
