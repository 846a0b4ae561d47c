"""`Idempotency-Key`: a request that is sent again is not done again (orchestration spec §3.1).

What keeps the answers lies above, behind `runtime.answers`.
"""

from __future__ import annotations

import hashlib
import re

from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.runtime.answers import KeptAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("Location", "ETag")


def kept(response: Response) -> KeptAnswer:
    """Take of an answer what is to be given again."""
    headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    return KeptAnswer(response.status_code, response.data, headers)


def again(answer: KeptAnswer) -> Response:
    """Make the answer anew, and say that it is old."""
    return Response(answer.body, answer.status, headers={**answer.headers, REPLAYED: "true"})


def key_of(request: Request) -> str:
    """Return the key of the request, "" without; raises ParseError for what is no key."""
    key = request.headers.get(HEADER, "")
    if key and not _KEY.fullmatch(key):
        raise ParseError(f"{HEADER} has 1 to 255 visible ASCII characters")
    return str(key)


def fingerprint_of(request: Request) -> bytes:
    """Return what tells this request from another one with the same key."""
    if request.content_type.partition(";")[0].strip() not in {"", "application/json"}:
        raise ValidationError({HEADER: "is known for JSON only: leave it out here"})
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    digest.update(request._request.body)  # kept by the framework, which reads it again
    return digest.digest()
