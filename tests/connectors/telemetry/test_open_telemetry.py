"""Spans by OTLP over HTTP, to a collector that speaks it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from muniment.connectors.telemetry.open_telemetry import OtlpTracer, is_asked_for
from muniment.runtime.logs import current_log_fields
from muniment.runtime.tracing import Untraced, install_tracer, span
from tests.servers.telemetry import Told, a_collector

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    with a_collector() as found:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", found.address)
        yield found


@pytest.fixture
def tracer(told: Told) -> Iterator[OtlpTracer]:
    made = OtlpTracer()
    install_tracer(made)
    yield made
    install_tracer(Untraced())
    made.close()


def test_a_span_arrives_with_name_facts_and_service(tracer: OtlpTracer, told: Told) -> None:
    with span("step scan", {"muniment.submission": "42"}):
        pass
    tracer.close()
    (found,) = told.spans
    facts = {pair.key: pair.value.string_value for pair in found.attributes}
    assert (found.name, facts["muniment.submission"]) == ("step scan", "42")
    assert told.resources[0]["service.name"] == "muniment"


def test_a_span_inside_another_is_its_child(tracer: OtlpTracer, told: Told) -> None:
    with span("job", {}), span("step", {}):
        pass
    tracer.close()
    step, job = told.spans
    assert (step.parent_span_id, step.trace_id) == (job.span_id, job.trace_id)


def test_who_asked_is_the_parent(tracer: OtlpTracer, told: Told) -> None:
    with span("request", {}, headers={"Traceparent": f"00-{TRACE}-{PARENT}-01"}):
        pass
    tracer.close()
    (found,) = told.spans
    assert (found.trace_id.hex(), found.parent_span_id.hex()) == (TRACE, PARENT)


@pytest.mark.parametrize("header", ["", "nonsense", "00-0-0-01", f"00-{TRACE}-{PARENT}-01;x" * 99])
def test_a_hostile_parent_begins_a_trace_of_its_own(
    tracer: OtlpTracer, told: Told, header: str
) -> None:
    with span("request", {}, headers={"traceparent": header}):
        pass
    tracer.close()
    assert told.spans[0].parent_span_id == b""


def test_the_log_says_which_trace(tracer: OtlpTracer) -> None:
    with span("request", {}, headers={"traceparent": f"00-{TRACE}-{PARENT}-01"}):
        assert current_log_fields()["trace_id"] == TRACE
    assert "trace_id" not in current_log_fields()


def test_a_failure_fails_the_span_and_goes_on(tracer: OtlpTracer, told: Told) -> None:
    with pytest.raises(ValueError, match="no"), span("job", {}):
        raise ValueError("no")
    tracer.close()
    assert told.spans[0].status.code == 2


def test_a_collector_that_refuses_stops_nobody(
    told: Told, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told.status = 400
    made = OtlpTracer()
    install_tracer(made)
    with caplog.at_level(logging.CRITICAL), span("job", {}):
        pass
    made.close()
    install_tracer(Untraced())
    assert len(told.spans) == 1


def test_nobody_is_asked_for_without_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert not is_asked_for()


@pytest.mark.parametrize(
    ("name", "value"), [("OTEL_SDK_DISABLED", "true"), ("OTEL_TRACES_EXPORTER", "none")]
)
def test_the_standard_switches_switch_it_off(
    told: Told, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert is_asked_for()
    monkeypatch.setenv(name, value)
    assert not is_asked_for()
