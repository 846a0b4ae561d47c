"""The kinds of job that this process can run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from muniment.runtime.errors import InvalidArgument
from muniment.work.context import JobContext
from muniment.work.retry import RetryPolicy

__all__ = ["Handler", "JobContext", "JobKind", "job_kind", "kind_named", "known_kinds"]

Handler = Callable[[JobContext], object]


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job: what runs it, and how it is limited and tried again.

    `version` is that of its arguments: a job with newer arguments waits for a newer worker.
    `hard_limit_s` cuts one attempt (0 = never). A kind that `takes_space` is not started while
    back-pressure is on.
    """

    name: str
    handler: Handler
    retry: RetryPolicy
    max_attempts: int
    hard_limit_s: float
    version: int = 1
    takes_space: bool = False


_kinds: dict[str, JobKind] = {}


def job_kind(
    name: str,
    *,
    retry: RetryPolicy = RetryPolicy.LONG_REQUEST,
    max_attempts: int | None = None,
    hard_limit_s: float | None = None,
    version: int = 1,
    takes_space: bool = False,
) -> Callable[[Handler], Handler]:
    """Register the decorated function as what runs jobs of this kind.

    It takes a `JobContext` and returns a JSON value that becomes the job's result. It must be
    idempotent: after a crash it is run again from the start.
    """

    def register(handler: Handler) -> Handler:
        known = _kinds.get(name)
        if known is not None and known.handler.__qualname__ != handler.__qualname__:
            raise InvalidArgument(f"two functions want to run jobs of the kind {name!r}")
        _kinds[name] = JobKind(
            name,
            handler,
            retry,
            max_attempts or retry.value.max_attempts,
            retry.value.limit_s if hard_limit_s is None else hard_limit_s,
            version,
            takes_space,
        )
        return handler

    return register


def kind_named(name: str) -> JobKind:
    """Return a kind; InvalidArgument when no package registered it."""
    try:
        return _kinds[name]
    except KeyError:
        raise InvalidArgument(f"no package registered the kind of job {name!r}") from None


def known_kinds() -> Mapping[str, JobKind]:
    """Return every kind of this process, by name."""
    return dict(_kinds)
