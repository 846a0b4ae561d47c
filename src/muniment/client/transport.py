"""Requests to the API: with a token, tried again where that is safe, never redirected."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import IO, Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import orjson
import urllib3

from muniment.client.problems import error_of
from muniment.runtime.errors import InvalidArgument, MunimentError, PartnerDown, Unavailable

TRIES = 4
LONGEST_WAIT_S = 60.0
_SAFE = frozenset({"GET", "HEAD", "PUT", "DELETE"})


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that is no fault."""

    status: int
    headers: Mapping[str, str]
    """By names in any case."""
    body: bytes

    def json(self) -> Any:  # noqa: ANN401  # JSON of any shape
        """Parse the body; raises PartnerDown for what is none of ours."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as exc:
            raise PartnerDown("the server answers something else than JSON: is it Muniment?") from (
                exc
            )


class Transport:
    """Speaks to one server. Every JSON POST bears an `Idempotency-Key`, so it may be repeated."""

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        trust: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Raises InvalidArgument for what is no http or https address."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            raise InvalidArgument(f"{url!r} is no address of a server: write https://example.org")
        self._root = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/api/v1/"
        self._token = token
        self._sleep = sleep
        self._pool = urllib3.PoolManager(
            retries=False, timeout=urllib3.Timeout(connect=10, read=120), ssl_context=trust
        )

    def get(self, path: str, **query: object) -> Any:  # noqa: ANN401  # JSON of any shape
        """Ask for a document; parameters that are None or empty are left out."""
        said = {name: value for name, value in query.items() if value not in (None, "")}
        return self.send("GET", f"{path}?{urlencode(said)}" if said else path).json()

    def post(self, path: str, body: object = None, *, is_kept: bool = True) -> Any:  # noqa: ANN401  # likewise
        """Send a document; `is_kept` False where the answer holds a secret."""
        headers = {"Content-Type": "application/json"}
        if is_kept:
            headers["Idempotency-Key"] = uuid4().hex
        sent = b"" if body is None else orjson.dumps(body)
        return self.send("POST", path, sent, headers, is_repeatable=is_kept).json()

    def send(
        self,
        method: str,
        path: str,
        body: bytes | IO[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        is_repeatable: bool = False,
    ) -> Answered:
        """Send a request; raises the error of our tree that the answer tells, or PartnerDown."""
        may_repeat = is_repeatable or (method in _SAFE and not hasattr(body, "read"))
        for left in range(TRIES - 1, -1, -1):
            try:
                return self._once(method, path, body, headers or {})
            except Unavailable as exc:
                wait_s = exc.retry_after_s or 2.0 ** (TRIES - 2 - left)
                if not (left and may_repeat and exc.retried and wait_s <= LONGEST_WAIT_S):
                    raise
                self._sleep(wait_s)
        raise AssertionError("the last try returns or raises")

    def rest(self, wait_s: float) -> None:
        """Wait before one more try."""
        self._sleep(min(wait_s, LONGEST_WAIT_S))

    def lines(self, path: str, headers: Mapping[str, str]) -> Iterator[bytes]:
        """Give the lines of an answer as they come; raises PartnerDown where it breaks off."""
        answer = self._asked("GET", path, None, headers, is_streamed=True)
        if answer.status >= 300:
            raise _told(answer)
        rest = b""
        try:
            for block in answer.stream(4096):
                *whole, rest = (rest + block).split(b"\n")
                yield from (line.removesuffix(b"\r") for line in whole)
        except urllib3.exceptions.HTTPError as exc:
            raise PartnerDown(f"{self._root} broke off: {exc}") from exc
        finally:
            answer.close()

    def _once(
        self, method: str, path: str, body: bytes | IO[bytes] | None, headers: Mapping[str, str]
    ) -> Answered:
        answer = self._asked(method, path, body, headers)
        if answer.status < 300:
            return Answered(answer.status, answer.headers, answer.data)
        raise _told(answer)

    def _asked(
        self,
        method: str,
        path: str,
        body: bytes | IO[bytes] | None,
        headers: Mapping[str, str],
        *,
        is_streamed: bool = False,
    ) -> urllib3.BaseHTTPResponse:
        every = {"Accept": "application/json", "User-Agent": f"muniment/{version('muniment')}"}
        if self._token:
            every["Authorization"] = f"Bearer {self._token}"
        try:
            return self._pool.request(
                method,
                self._root + path,
                body=body,
                headers={**every, **headers},
                redirect=False,
                preload_content=not is_streamed,
            )
        except urllib3.exceptions.HTTPError as exc:
            raise PartnerDown(f"{self._root} does not answer: {exc}") from exc


def _told(answer: urllib3.BaseHTTPResponse) -> MunimentError:
    if answer.status < 400:  # a token is not carried elsewhere
        place = answer.headers.get("Location", "another place")
        return InvalidArgument(f"the server leads on to {place}: name that address")
    said = answer.headers.get("Retry-After", "")
    wait_s = float(said) if said.isascii() and said.isdigit() else None
    return error_of(answer.status, answer.data, retry_after_s=wait_s)
