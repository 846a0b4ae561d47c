"""Lists: `?limit=` and an opaque `cursor`; the answer is {`items`, `next`} with a Link header.

Lists of rows are also asked by `page` and `size`, for those who turn pages by number.
"""

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
NUMBERED_PAGE_PARAMETERS = PAGE_PARAMETERS | {"page", "size"}
_FARTHEST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class PageAsked:
    """How many rows are wanted, behind which cursor ("" = from the start).

    `number` is that of a page that was asked for by number, 0 where it was not.
    """

    limit: int
    cursor: str
    number: int = 0

    @property
    def offset(self) -> int:
        """How many rows come before; a cursor leads there without counting."""
        return (self.number - 1) * self.limit if self.number else 0


def page_asked(request: Request) -> PageAsked:
    """Read `limit` (1 to 500, 50 without) and `cursor`; a wrong one is a finding (422)."""
    limit = _whole(request, "limit", DEFAULT_LIMIT)
    if limit is None or limit > MOST:
        raise ValidationError({"limit": f"a page has 1 to {MOST} items"})
    return PageAsked(limit, request.query_params.get("cursor", ""))


def numbered_page_asked(request: Request) -> PageAsked:
    """Read the same, or `page` (from 1) and `size`, which counts as 500 where it is more."""
    said = request.query_params
    if not {"page", "size"} & set(said):
        return page_asked(request)
    if said.get("cursor") or "limit" in said:
        raise ValidationError({"page": "page and size, or limit and cursor: not both"})
    number, size = _whole(request, "page", 1), _whole(request, "size", DEFAULT_LIMIT)
    if number is None or number > _FARTHEST_PAGE:
        raise ValidationError({"page": f"a page has a number from 1 to {_FARTHEST_PAGE}"})
    if size is None:
        raise ValidationError({"size": f"a page has 1 to {MOST} items"})
    return PageAsked(min(size, MOST), "", number)


def _whole(request: Request, name: str, otherwise: int) -> int | None:
    """Read a whole number from 1; None for what is none."""
    text = request.query_params.get(name, str(otherwise))
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text):
        return int(text)
    return None


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
