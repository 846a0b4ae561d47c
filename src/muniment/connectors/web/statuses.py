"""What the status of an answer means: there it is, elsewhere, never, or later."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from muniment.connectors.web.place import Place
from muniment.connectors.web.ports import NotGiven, Refusal
from muniment.runtime.errors import PartnerDown, RateLimited

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LATER = frozenset({408, 425, 429})
LONGEST_WAIT_S = 24 * 3600.0


def refuse_without_file(
    place: Place, status: int, *, retry_after: str | None, now: datetime
) -> None:
    """Raise for every status but 200: NotGiven, or PartnerDown and RateLimited to try later.

    Source: orchestration spec §1.3, `harvest`, fails as.
    """
    if status == HTTPStatus.OK:
        return
    answer = f"{status} {_phrase(status)}".rstrip()
    message = f"{place} answers {answer}"
    if status in _LATER or status >= 500:
        wait_s = seconds_to_wait(retry_after, now)
        kind = RateLimited if status == HTTPStatus.TOO_MANY_REQUESTS else PartnerDown
        raise kind(f"{message}; it is asked again later", retry_after_s=wait_s)
    raise NotGiven(Refusal.STATUS, message, {"url": str(place), "answer": answer})


def seconds_to_wait(retry_after: str | None, now: datetime) -> float | None:
    """Read Retry-After, seconds or a date (RFC 9110 §10.2.3); a day at most, None for nonsense."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_WAIT_S)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return min(max((at - now).total_seconds(), 0.0), LONGEST_WAIT_S)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
