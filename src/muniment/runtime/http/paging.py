"""Lists: `?limit=` and an opaque `cursor`; the answer is {`items`, `next`} with a Link header."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

DEFAULT_LIMIT = 50
MOST = 500
PAGE_PARAMETERS = frozenset({"limit", "cursor"})


@dataclass(frozen=True, slots=True)
class PageAsked:
    """How many rows are wanted, behind which cursor ("" = from the start)."""

    limit: int
    cursor: str


def page_asked(request: Request) -> PageAsked:
    """Read `limit` (1 to 500, 50 without) and `cursor`; a wrong one is a finding (422)."""
    text = request.query_params.get("limit", str(DEFAULT_LIMIT))
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST and len(text) < 10):
        raise ValidationError({"limit": f"a page has 1 to {MOST} items"})
    return PageAsked(int(text), request.query_params.get("cursor", ""))


def check_parameters(request: Request, known: Collection[str]) -> None:
    """Refuse parameters that nobody knows (400): a filter with a slip would show everything."""
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        listed = ", ".join(sorted(known)) or "none"
        raise ParseError(f"unknown parameter {', '.join(unknown)}; known here: {listed}")


def page_answer(
    request: Request,
    items: Sequence[object],
    next_cursor: str,
    *,
    cursor_name: str = "cursor",
    **more: object,
) -> Response:
    """Answer a page; `next` is the whole address of the following one, or null."""
    address = None
    headers = {}
    if next_cursor:
        asked = {name: value for name, value in request.query_params.items() if name != cursor_name}
        query = urlencode(asked | {cursor_name: next_cursor})
        address = request.build_absolute_uri(f"{request.path}?{query}")
        headers["Link"] = f'<{address}>; rel="next"'
    return Response({"items": items, "next": address, **more}, headers=headers)
