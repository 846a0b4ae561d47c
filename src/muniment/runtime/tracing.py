"""Spans of what this process does, for whoever follows a request over several systems.

Without a tracer, which is the usual case, a span costs a dictionary.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

from muniment.runtime.logs import log_fields

NO_HEADERS: Mapping[str, str] = {}


class Tracer(Protocol):
    """Opens spans; gives the trace's number, as 32 hexadecimal digits."""

    def span(
        self, name: str, attributes: Mapping[str, str], headers: Mapping[str, str]
    ) -> AbstractContextManager[str]: ...


class Untraced:
    """The tracer of who is not followed."""

    def span(
        self,
        name: str,  # noqa: ARG002  # the port's
        attributes: Mapping[str, str],  # noqa: ARG002  # likewise
        headers: Mapping[str, str],  # noqa: ARG002  # likewise
    ) -> AbstractContextManager[str]:
        """Open nothing."""
        return nullcontext("")


class _Installed:
    tracer: Tracer = Untraced()


def install_tracer(tracer: Tracer) -> None:
    """Let every span be opened by this one from now on."""
    _Installed.tracer = tracer


@contextmanager
def span(
    name: str, attributes: Mapping[str, str], *, headers: Mapping[str, str] = NO_HEADERS
) -> Iterator[None]:
    """Follow the block as one span; what it logs carries the trace's number.

    `headers` may bring the trace of who asked (W3C Trace Context). A block that raises is a span
    that failed.
    """
    with _Installed.tracer.span(name, attributes, headers) as trace_id:
        if not trace_id:
            yield
            return
        with log_fields(trace_id=trace_id):
            yield
