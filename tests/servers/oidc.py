"""A provider of OpenID Connect that signs what a test wants it to sign, honest or not."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from tests.eventually import eventually
from tests.servers.web import a_dead_port

Key = RSAKey | ECKey | OctKey


@dataclass
class Provider:
    """What a test changes: `claims` over the good ones (None takes one away), the signature."""

    address: str = ""
    nonce: str = ""
    challenge: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=lambda: [RSAKey.generate_key(2048, {"kid": "one"})])
    signed_by: Key | None = None
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "one"})
    token: str | None = None
    userinfo: dict[str, Any] | None = None
    discovery: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    asked: list[str] = field(default_factory=list)

    def began(self, address: str) -> str:
        """Take the browser that was sent here; return the state that it carries."""
        said = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert said["code_challenge_method"] == "S256"
        self.nonce, self.challenge = said["nonce"], said["code_challenge"]
        return said["state"]

    def id_token(self) -> str:
        """Return the token of the sign-in that was begun."""
        if self.token is not None:
            return self.token
        now = int(time.time())
        good = {
            "iss": self.address,
            "aud": "archive",
            "sub": "s-1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "preferred_username": "ada",
            "email": "ada@example.org",
            "given_name": "Ada",
            "family_name": "Byron",
            "groups": ["staff"],
        }
        claims = {name: value for name, value in (good | self.claims).items() if value is not None}
        key = self.signed_by or self.keys[0]
        return jwt.encode(dict(self.header), claims, key, algorithms=[self.header["alg"]])

    def answer(self, path: str, body: str) -> tuple[int, dict[str, Any]]:
        """Return status and JSON for a path."""
        self.asked.append(path)
        if self.status != 200:
            return self.status, {}
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "userinfo_endpoint": f"{self.address}/userinfo" if self.userinfo else "",
            } | self.discovery
        if path == "/keys":
            return 200, {"keys": [key.as_dict(private=False) for key in self.keys]}
        if path == "/userinfo":
            return 200, dict(self.userinfo or {})
        return self._exchange({name: values[0] for name, values in parse_qs(body).items()})

    def _exchange(self, said: dict[str, str]) -> tuple[int, dict[str, Any]]:
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if said.get("code") != "good" or challenge != self.challenge:
            return 400, {"error": "invalid_grant"}
        return 200, {"id_token": self.id_token(), "access_token": "at", "token_type": "Bearer"}


@contextmanager
def a_provider() -> Iterator[Provider]:
    """Serve on a free port until the block ends."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("")

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", "0"))
            self._answer(self.rfile.read(size).decode())

        def _answer(self, body: str) -> None:
            status, said = provider.answer(self.path, body)
            text = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def a_foreign_provider() -> Iterator[str]:
    """Start the provider that others wrote (PyPI: oidc-provider-mock); give its issuer."""
    port = a_dead_port()
    words = ["-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    process = subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    issuer = f"http://localhost:{port}"
    try:
        eventually(lambda: _answers(f"{issuer}/.well-known/openid-configuration"), within_s=60)
        yield issuer
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
