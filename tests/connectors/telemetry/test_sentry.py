"""What a Sentry server is told, and what it is never told."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from muniment.connectors.telemetry.sentry import scrubbed, start_sentry
from muniment.runtime.errors import Misconfigured
from muniment.runtime.logs import log_fields
from tests.servers.telemetry import a_collector

# In a process of its own: the library hooks into everything that is there.
REPORTER = """
import logging, sys
import sentry_sdk
from muniment.connectors.telemetry.sentry import start_sentry
from muniment.runtime.logs import log_fields
start_sentry(sys.argv[1], environment="trial", traces_rate=0.0)
password = "mun_verysecret"
with log_fields(job_id=7, step="scan", object_id=None):
    try:
        raise ValueError("no way to https://ada:pw@host/x?token=abc with mun_verysecret")
    except ValueError:
        logging.getLogger("muniment.test").exception("job held", extra={"key": password})
sentry_sdk.flush(10)
"""


def reported() -> tuple[dict[str, Any], str]:
    with a_collector() as told:
        subprocess.run([sys.executable, "-c", REPORTER, told.dsn], check=True, timeout=60)
        (event,) = told.events
        assert "publickey" in told.keys[0]
    return event, json.dumps(event)


def test_a_fault_arrives_with_tags_and_without_secrets() -> None:
    event, text = reported()
    assert (event["environment"], event["release"].partition("@")[0]) == ("trial", "muniment")
    assert event["tags"] == {"job_id": "7", "step": "scan"}
    assert event["exception"]["values"][0]["type"] == "ValueError"
    for secret in ("verysecret", "ada:pw", "abc"):
        assert secret not in text


def test_of_a_request_only_method_and_address_remain() -> None:
    event: Any = {
        "user": {"email": "ada@example.org"},
        "request": {
            "method": "POST",
            "url": "https://a.example/search?q=private#x",
            "cookies": {"sessionid": "1"},
            "headers": {"Authorization": "Bearer x"},
            "query_string": "q=private",
            "data": {"password": "x"},
        },
        "breadcrumbs": {"values": [{"message": "SELECT secret"}]},
    }
    with log_fields(request_id="r1"):
        found: Any = scrubbed(event, {})
    assert found == {
        "request": {"method": "POST", "url": "https://a.example/search"},
        "tags": {"request_id": "r1"},
    }


@pytest.mark.parametrize(
    "text", ["mun_abc", "Bearer abc.def", "password=abc", "https://u:abc@h/", "X-Signature=abc"]
)
def test_what_looks_like_a_secret_is_blotted_out(text: str) -> None:
    event: Any = {"message": text, "extra": {"deep": [{"deeper": text}]}}
    assert "abc" not in json.dumps(scrubbed(event, {}))


@pytest.mark.parametrize("dsn", ["nonsense", "http://host/7", "http://key@host/"])
def test_an_address_that_is_none_is_a_sentence(dsn: str) -> None:
    with pytest.raises(Misconfigured, match="sentry_dsn"):
        start_sentry(dsn, environment="x", traces_rate=0.0)
