"""Faults to a Sentry server, without what people wrote, who they are, and what opens doors."""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from muniment.runtime.errors import Misconfigured
from muniment.runtime.logs import current_log_fields

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

TAGS = ("request_id", "job_id", "object_id", "step", "trace_id")
_SECRET = re.compile(
    r"(mun_|Bearer\s+|password=|token=|secret=|Signature=)[^\s&\"']+", re.IGNORECASE
)
_USER_IN_URL = re.compile(r"(?<=://)[^/\s@]+@")


def start_sentry(dsn: str, *, environment: str, traces_rate: float) -> None:
    """Report what is logged as an error and what no view handles.

    Raises Misconfigured when the library is not there or the address is none.
    """
    try:
        import sentry_sdk
        from sentry_sdk.utils import BadDsn
    except ImportError as exc:
        raise Misconfigured(
            "sentry_dsn is set, but the library is not there: install `muniment[sentry]`"
        ) from exc
    try:
        sentry_sdk.init(
            dsn=dsn,
            environment=environment,
            release=f"muniment@{version('muniment')}",
            traces_sample_rate=traces_rate,
            include_local_variables=False,
            max_request_body_size="never",
            before_send=scrubbed,
        )
    except BadDsn as exc:
        raise Misconfigured(f"sentry_dsn is no address of a Sentry project: {exc}") from exc


def scrubbed(event: Event, hint: Hint) -> Event:  # noqa: ARG001  # the library's signature
    """Return the event with our tags and without secrets, query strings, cookies and bodies."""
    fields = current_log_fields()
    tags = {name: str(fields[name]) for name in TAGS if fields.get(name) is not None}
    event["tags"] = {**(event.get("tags") or {}), **tags}
    event.pop("user", None)
    event.pop("breadcrumbs", None)
    request = event.get("request")
    if request is not None:
        event["request"] = {
            "method": request.get("method", ""),
            "url": _without_query(str(request.get("url", ""))),
        }
    cleaned: Event = _cleaned(event)
    return cleaned


def _without_query(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _cleaned(value: Any) -> Any:  # noqa: ANN401  # any JSON
    """Blot out what looks like a secret in every text, however deep."""
    if isinstance(value, str):
        return _USER_IN_URL.sub("", _SECRET.sub(r"\1…", value))
    if isinstance(value, dict):
        return {key: _cleaned(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(each) for each in value]
    return value
