"""Bodies that are streamed, never held, and paths to the byte: for views that take files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from muniment.runtime.errors import LengthRequired

_PATH = "muniment.path"


class Body:
    """The body of a request; a server tells a cut and the end of it alike.

    `length` is what was announced (None: sent in chunks), `received` what has come.
    """

    def __init__(self, request: HttpRequest) -> None:
        said = str(request.META.get("CONTENT_LENGTH") or "")
        known = said.isascii() and said.isdigit()
        self.length = int(said) if known else None
        self.received = 0
        stream = request.META["wsgi.input"]
        # Where the server waits for no more than a time, what came before it is not lost.
        self._read: Callable[[int], bytes] = getattr(stream, "read_some", stream.read)

    def read(self, size: int) -> bytes:
        """Return the next bytes, at most `size`; none at the end or where it was cut off."""
        if self.length is not None:
            size = min(size, self.length - self.received)
        data: bytes = self._read(size) if size else b""
        self.received += len(data)
        return data

    def require_length(self) -> int:
        """Return the length; LengthRequired (411) without one: a cut could not be told."""
        if self.length is None:
            raise LengthRequired("send Content-Length: without it a cut would look like the end")
        return self.length

    @property
    def is_cut(self) -> bool:
        """Say whether less came than was announced."""
        return self.length is not None and self.received < self.length


def keeping_path(application: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a WSGI application: the framework turns the path into text, and loses bytes of it."""

    def handle(environ: dict[str, Any], start_response: object) -> Any:  # noqa: ANN401  # of WSGI
        environ[_PATH] = environ.get("PATH_INFO", "")
        return application(environ, start_response)

    return handle


def path_bytes(request: HttpRequest) -> bytes:
    """Return the path of a request as it came, percent-decoded once."""
    whole = request.META.get(_PATH)
    return request.path_info.encode() if whole is None else str(whole).encode("latin-1")


def keep_body(request: HttpRequest) -> None:
    """Let nobody but the view read the body: forms are not looked for in it (CSRF: by header)."""
    request.read(0)


class NoFiles(FileUploadHandler):
    """Refuses every file (400)."""

    def new_file(self, *args: object, **kwargs: object) -> NoReturn:  # noqa: ARG002  # Django's
        """Stop reading."""
        raise SuspiciousOperation("no file is taken here")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002  # likewise
        """Never called."""
        return raw_data

    def file_complete(self, file_size: int) -> None:  # likewise
        """Never called."""
