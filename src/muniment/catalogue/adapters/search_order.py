"""The orders of search hits in a database, and the cursors between their pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from muniment.catalogue.search import cursor
from muniment.catalogue.search.types import SearchQuery, Sort
from muniment.runtime.errors import InvalidArgument

# order -> column, whether it descends
_ORDERS = {
    Sort.RELEVANCE: ("score", True),
    Sort.NEWEST: ("archived_at", True),
    Sort.OLDEST: ("archived_at", False),
    Sort.MODIFIED: ("modified_at", True),
    Sort.LARGEST: ("size_bytes", True),
    Sort.SMALLEST: ("size_bytes", False),
}

Rows = QuerySet[Any, Any]  # Any: documents annotated with their score


def page(rows: Rows, query: SearchQuery) -> tuple[list[Any], str]:  # Any: as above
    """Return the rows of one page and the cursor of the next ("" at the end)."""
    column, descends = _ORDERS[query.sort]
    if query.after:
        rows = rows.filter(_behind(query.after, column, descends))
    order = F(column).desc() if descends else F(column).asc()
    found = list(rows.order_by(order, "object_id")[: query.limit + 1])
    if len(found) <= query.limit:
        return found, ""
    last = found[query.limit - 1]
    value = getattr(last, column)
    key = value.isoformat() if isinstance(value, datetime) else int(value)
    return found[: query.limit], cursor.encode(key, str(last.object_id))


def _behind(after: str, column: str, descends: bool) -> Q:
    """Make the condition that a row comes after the cursor; ties are ordered by object_id."""
    is_time = column.endswith("_at")
    key, object_id = cursor.decode(after, str if is_time else int, str)
    try:
        value = datetime.fromisoformat(str(key)) if is_time else key
        last = UUID(str(object_id))
    except ValueError as exc:
        raise InvalidArgument(f"{after!r} is no cursor of a page: leave it out") from exc
    beyond = "lt" if descends else "gt"
    return Q(**{f"{column}__{beyond}": value}) | Q(**{column: value, "object_id__gt": last})
