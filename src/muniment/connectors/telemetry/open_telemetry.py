"""Spans by OTLP over HTTP, where the standard variables `OTEL_*` name a collector."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version

from muniment.runtime.errors import Misconfigured

_ADDRESSES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def is_asked_for() -> bool:
    """Say whether the environment names a collector and does not switch everything off."""
    is_off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    is_none = os.environ.get("OTEL_TRACES_EXPORTER", "otlp") == "none"
    return any(map(os.environ.get, _ADDRESSES)) and not is_off and not is_none


class OtlpTracer:
    """Opens spans and sends them in batches, from a thread of its own; what is lost is lost."""

    def __init__(self) -> None:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError as exc:
            raise Misconfigured(
                "OTEL_* variables name a collector, but the libraries are not there: "
                "install `muniment[telemetry]`, or unset them"
            ) from exc
        facts = {"service.version": version("muniment")}
        if not os.environ.get("OTEL_SERVICE_NAME"):
            facts["service.name"] = "muniment"
        self._provider = TracerProvider(resource=Resource.create(facts))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("muniment")

    @contextmanager
    def span(
        self, name: str, attributes: Mapping[str, str], headers: Mapping[str, str]
    ) -> Iterator[str]:
        """Open a span below the one that is open, else below the one that the headers name."""
        from opentelemetry.trace import format_trace_id, get_current_span
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        carrier = {key.lower(): value for key, value in headers.items()}
        is_inner = get_current_span().get_span_context().is_valid
        parent = None if is_inner else TraceContextTextMapPropagator().extract(carrier)
        with self._tracer.start_as_current_span(name, parent, attributes=dict(attributes)) as each:
            yield format_trace_id(each.get_span_context().trace_id)

    def close(self) -> None:
        """Send what is not yet sent."""
        self._provider.shutdown()
