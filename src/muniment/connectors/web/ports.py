"""What is asked of the web: a file at an address, as a stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from muniment.runtime.errors import Invalid


class Refusal(StrEnum):
    """Why a file is not given: by us, or by the server."""

    MALFORMED = "malformed"
    SCHEME = "scheme"
    HOST = "host"
    ADDRESS = "address"
    REDIRECTS = "redirects"
    STATUS = "status"


class NotGiven(Invalid):
    """The file will not be had by asking again; `params` are the values of the sentence."""

    code = "not-given"

    def __init__(self, refusal: Refusal, message: str, params: Mapping[str, str]) -> None:
        super().__init__(message)
        self.refusal = refusal
        self.params = dict(params)


@dataclass(frozen=True, slots=True)
class WebFile:
    """A file that a server gives.

    `blocks` may be walked once; it raises PartnerDown when the connection breaks before the
    announced end. `size_bytes` is what the server announces, None where it does not. `moved_to`
    is the address that redirects led to, without its query, "" where there were none.
    """

    blocks: Iterator[bytes]
    size_bytes: int | None = None
    moved_to: str = ""


class WebFiles(Protocol):
    """Gives files by http and https.

    An address is asked only when its host is listed, its name leads to public addresses (or host
    and port are listed exactly), and the same holds for every redirect. `check` says so without
    any connection: it raises NotGiven for what would never be asked. `open` raises NotGiven,
    PartnerDown and RateLimited; the last two may carry `retry_after_s`.
    """

    def check(self, url: str) -> None: ...

    def open(self, url: str) -> AbstractContextManager[WebFile]: ...


@dataclass(frozen=True, slots=True)
class Posted:
    """What a server answered to a POST: the begin of its words, and when it wants to be asked."""

    status: int
    said: str
    retry_after_s: float | None = None


class WebPosts(Protocol):
    """Sends documents by http and https.

    Every host at its public addresses; others only where host and port are listed exactly. What
    a server answers, redirects too, is returned. Raises NotGiven for what would never be asked,
    PartnerDown.
    """

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted: ...
