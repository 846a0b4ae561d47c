"""Reading bodies: strict JSON (RFC 8259), of limited size and depth."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO, Any

import orjson
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

MOST_BYTES = 4 << 20

# An escaped NUL; a backslash before the backslash makes it a text about one.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class TooLarge(APIException):
    """The body is larger than is read into memory."""

    status_code = 413
    default_detail = f"a JSON body has at most {MOST_BYTES} bytes here"


class StrictJson(BaseParser):
    """No NaN, no NUL, no byte order mark, UTF-8 only, at most 1,024 levels: what orjson reads."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,  # noqa: ARG002  # DRF's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002  # likewise
    ) -> Any:  # noqa: ANN401  # JSON of any shape
        """Return the document; raises ParseError (400), TooLarge (413)."""
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise TooLarge
        if _NUL.search(body):  # no text of a database, a header or a file name can hold it
            raise ParseError("the body holds the character U+0000")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as exc:
            raise ParseError(f"the body is no JSON: {exc}") from exc
