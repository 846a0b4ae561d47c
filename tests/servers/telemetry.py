"""A server that takes OTLP over HTTP and Sentry's envelopes, and keeps what it was told."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

TRACES, ENVELOPES = "/v1/traces", "/api/7/envelope/"


@dataclass(slots=True)
class Told:
    """Where it listens and what it was told; `status` is answered to everything."""

    address: str = ""
    status: int = 200
    resources: list[dict[str, str]] = field(default_factory=list)
    spans: list[Any] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def dsn(self) -> str:
        """The address of a Sentry project here."""
        return f"{self.address.replace('//', '//publickey@')}/7"

    def span_names(self) -> list[str]:
        """The names of all spans so far."""
        return [span.name for span in self.spans]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if self.path == TRACES:
            self._traces(body)
        elif self.path == ENVELOPES:
            self._envelope(body)
        self.send_response(self.server.told.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _traces(self, body: bytes) -> None:
        assert self.headers["Content-Type"] == "application/x-protobuf"
        for each in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.server.told.resources.append(
                {pair.key: pair.value.string_value for pair in each.resource.attributes}
            )
            for scope in each.scope_spans:
                self.server.told.spans += scope.spans

    def _envelope(self, body: bytes) -> None:
        """Read header, then items: a header line with type and length, and that many bytes."""
        self.server.told.keys.append(self.headers["X-Sentry-Auth"])
        _, _, rest = body.partition(b"\n")
        while rest.strip():
            line, _, rest = rest.partition(b"\n")
            header = json.loads(line)
            payload, rest = rest[: header["length"]], rest[header["length"] + 1 :]
            if header["type"] == "event":
                self.server.told.events.append(json.loads(payload))

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, told: Told) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told = told


@contextmanager
def a_collector() -> Iterator[Told]:
    """Listen until the block ends."""
    told = Told()
    with _Server(told) as server:
        told.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
