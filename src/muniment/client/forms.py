"""Many small files as one body (multipart/form-data, RFC 7578)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4


def form_of(files: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, str]:
    """Return the body and its media type; the name of each field is the path of its file.

    Names must be free of quotes, backslashes and control characters.
    """
    boundary = uuid4().hex.encode()
    parts = []
    for name, body in files:
        # A field of this name would take the name of its file for the path.
        last = name if name in {b"file", b"files"} else b"content"
        parts += [
            b"--%s\r\nContent-Disposition: form-data; " % boundary,
            b'name="%s"; filename="%s"\r\n' % (name, last),
            b"Content-Type: application/octet-stream\r\n\r\n%s\r\n" % body,
        ]
    return b"".join([*parts, b"--%s--\r\n" % boundary]), (
        f"multipart/form-data; boundary={boundary.decode()}"
    )
