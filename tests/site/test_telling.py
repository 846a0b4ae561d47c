"""A served archive tells log, metrics, OpenTelemetry and Sentry of one request and one job."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.archives import Archive
from tests.eventually import eventually
from tests.servers.telemetry import a_collector
from tests.web.browser import answers

pytestmark = pytest.mark.slow

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.mark.tool("clamscan")
def test_one_request_and_one_job_are_told_everywhere(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "letter.txt").write_text("a letter")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    with a_collector() as told:
        process = archive.start(
            *("serve", "--port", port, "--grace", "5"),
            OTEL_EXPORTER_OTLP_ENDPOINT=told.address,
            OTEL_BSP_SCHEDULE_DELAY="200",
            SENTRY_DSN=told.dsn,
            MUNIMENT_METRICS_PUBLIC="1",
            MUNIMENT_LOG_FORMAT="json",
            MUNIMENT_LOG_LEVEL="info",
            # A scanner without signatures: the job is held, which somebody must look at.
            MUNIMENT_CLAMAV_DATABASE=str(tmp_path / "empty"),
        )
        eventually(lambda: answers(address), within_s=120)
        headers = {"X-Request-Id": "r-1", "traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
        urlopen(Request(f"{address}/healthz", headers=headers), timeout=10).close()
        archive.run("ingest", tmp_path / "letter.txt", "--no-wait")
        eventually(lambda: told.events != [], within_s=90)
        eventually(lambda: {"request", "job", "step scan"} <= set(told.span_names()), within_s=30)
        with urlopen(f"{address}/metrics", timeout=20) as answer:
            metrics = answer.read().decode()
        process.terminate()
        _, log = process.communicate(timeout=60)
    assert (
        'muniment_http_request_seconds_count{code="200",method="GET",route="/healthz"}' in metrics
    )
    assert 'muniment_steps_total{state="done",type="receive"} 1.0' in metrics
    assert any(span.trace_id.hex() == TRACE for span in told.spans)
    event = told.events[0]
    assert (event["tags"]["job_id"], event["logentry"]["message"]) == ("1", "job held")
    lines = [json.loads(line) for line in log.decode().splitlines() if line.startswith("{")]
    (request,) = [line for line in lines if line.get("request_id") == "r-1"]
    assert (request["route"], request["status"], request["trace_id"]) == ("/healthz", 200, TRACE)
    assert {line["step"] for line in lines if line.get("job_id") == 1} >= {"receive", "unpack"}
