"""What the API says of a fault, as the error that the same fault has here (STYLE §2.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from muniment.runtime import errors
from muniment.runtime.errors import MunimentError, Unavailable

_BY_STATUS: dict[int, type[MunimentError]] = {
    400: errors.InvalidArgument,
    401: errors.Unauthenticated,
    403: errors.PermissionDenied,
    404: errors.ObjectMissing,
    409: errors.Conflict,
    412: errors.VersionConflict,
    422: errors.InvalidArgument,
    423: errors.Locked,
    428: errors.PreconditionRequired,
    429: errors.RateLimited,
    507: errors.NoSpace,
}
# What needs more than a message to be made.
_OTHERS = (errors.InvalidPackage, errors.InvalidSettings, errors.DecisionNeeded)


def error_of(status: int, body: bytes, *, retry_after_s: float | None = None) -> MunimentError:
    """Return the error that an answer tells; its code decides before its status does."""
    told = _problem(body)
    code, detail = str(told.get("code", "")), str(told.get("detail", ""))
    number = f" (request {told['request_id']})" if told.get("request_id") else ""
    if status >= 500 or not detail:
        detail = f"the server answers {status}: {detail or 'nothing that says why'}{number}"
    kind = _BY_CODE.get(code)
    if kind is None or kind.http != status:
        kind = _BY_STATUS.get(status, Unavailable if status >= 500 else errors.InvalidArgument)
    if issubclass(kind, Unavailable):
        return kind(detail, retry_after_s=retry_after_s)
    return kind(detail)


def _problem(body: bytes) -> dict[str, Any]:  # Any: JSON of any shape
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}


def _kinds(root: type[MunimentError]) -> Iterator[type[MunimentError]]:
    yield root
    for each in root.__subclasses__():
        yield from _kinds(each)


_BY_CODE = {each.code: each for each in _kinds(MunimentError) if not issubclass(each, _OTHERS)}
